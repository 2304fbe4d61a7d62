// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import ProviderDoubles
import Providers
import Testing

/// A conversation with calls, with doubles that refuse what the true services refuse.
@Suite struct ModelDoubleTests {
    private static let call = ToolCall(id: "a", name: "weather", arguments: #"{"city":"Oslo"}"#)
    private static let replies = [
        DoubleReply("Let me look.", toolCalls: [call], after: .milliseconds(100), gap: .milliseconds(20)),
        DoubleReply("It is cold."),
    ]

    private func converse<Dialect: ModelDialect>(
        _ harness: ModelHarness<Dialect>, callID: String
    ) {
        harness.ask("Weather?")
        harness.advance(by: .seconds(1))
        let call = callID + #"=weather{"city":"Oslo"}"#
        #expect(harness.take() == ["<", "Let", " me", " look.", call, "tools>"])
        harness.send(
            ModelRequest(
                turn: TurnID(1),
                messages: [
                    Message(.system, "Be kind."), Message(.assistant, "Hello."), Message(.user, "Weather?"),
                    Message(.assistant, "Let me look.", toolCalls: [Self.call]),
                    Message(.tool, "3 C", toolCallID: "a"),
                ]))
        harness.advance(by: .seconds(1))
        #expect(harness.take() == ["<", "It", " is", " cold.", ">"])
        #expect(harness.errors.isEmpty)
        #expect(harness.finish().isEmpty)
    }

    @Test func withChatCompletions() throws {
        converse(
            try ModelHarness(OpenAIChat.self, .template, OpenAIChatDouble(says: Self.replies)), callID: "a")
    }

    @Test func withAnthropic() throws {
        converse(
            try ModelHarness(AnthropicMessages.self, .template, AnthropicDouble(says: Self.replies)), callID: "a")
    }

    @Test func withOllama() throws {
        converse(
            try ModelHarness(OllamaChat.self, .template, OllamaDouble(says: Self.replies)), callID: "call_1_0_0")
    }

    /// Anthropic reports overload in the middle of an answer that began well.
    @Test func anOverloadInTheMiddleEndsTheReply() throws {
        let double = AnthropicDouble(says: [DoubleReply("One two", gap: .milliseconds(20), error: "Overloaded")])
        var parameters = AnthropicMessages.Parameters.template
        parameters.model.warmsUp = false
        let harness = try ModelHarness(AnthropicMessages.self, parameters, double)
        harness.ask()
        harness.advance(by: .seconds(1))
        #expect(harness.take().joined() == "<One two>")
        #expect(harness.errors == ["Anthropic: broke off its answer (overloaded_error): Overloaded"])
        #expect(harness.finish().isEmpty)
    }

    @Test func ollamaSaysWhichModelIsMissing() throws {
        var parameters = OllamaChat.Parameters.template
        parameters.model.name = "phi9"
        parameters.model.warmsUp = false
        let harness = try ModelHarness(OllamaChat.self, parameters, OllamaDouble(says: ["Hi."]))
        harness.ask()
        harness.advance(by: .seconds(1))
        #expect(harness.errors == ["Ollama: it has no model 'phi9'; run 'ollama pull phi9'"])
        #expect(harness.finish().isEmpty)
    }
}
