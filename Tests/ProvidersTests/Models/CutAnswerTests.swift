// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Testing

/// Every exchange is cut off at every byte; whatever was heard is heard once, and nothing is called twice.
@Suite struct CutAnswerTests {
    private func cutEverywhere<Dialect: ModelDialect>(
        _ dialect: Dialect.Type, _ answer: RecordedAnswer, _ parameters: Dialect.Parameters
    ) throws {
        let whole = ["<", "Grüß ", "Gott."] + answer.calls.map { "\($0.id)=\($0.name)\($0.arguments)" } + ["tools>"]
        for count in 0..<answer.body.utf8.count {
            let harness = try ModelHarness(
                dialect, parameters, Recorded(body: answer.body), faults: [.cut(after: count)])
            harness.ask()
            harness.advance(by: .seconds(1))
            let frames = harness.take()
            if harness.errors.isEmpty {
                #expect(frames == whole, "cut after \(count)")
            } else {
                // Something had been heard: it is ended, and not repeated.
                #expect([["<", "Grüß ", ">"], ["<", "Grüß ", "Gott.", ">"]].contains(frames), "cut after \(count)")
            }
            #expect(harness.finish().isEmpty, "cut after \(count)")
        }
    }

    @Test func ofChatCompletions() throws {
        var parameters = OpenAIChat.Parameters.template
        parameters.model.warmsUp = false
        try cutEverywhere(OpenAIChat.self, .openAI, parameters)
    }

    @Test func ofAnthropic() throws {
        var parameters = AnthropicMessages.Parameters.template
        parameters.model.warmsUp = false
        try cutEverywhere(AnthropicMessages.self, .anthropic, parameters)
    }

    @Test func ofOllama() throws {
        var parameters = OllamaChat.Parameters.template
        parameters.model.warmsUp = false
        try cutEverywhere(OllamaChat.self, .ollama, parameters)
    }

    @Test func ofResponses() throws {
        var parameters = OpenAIResponses.Parameters.template
        parameters.model.warmsUp = false
        try cutEverywhere(OpenAIResponses.self, .openAIResponses, parameters)
    }
}
