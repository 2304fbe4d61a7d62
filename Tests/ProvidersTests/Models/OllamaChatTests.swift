// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import ProviderDoubles
import Providers
import Testing

@Suite struct OllamaChatTests {
    @Test func loadsTheModelBeforeTheFirstTurn() throws {
        let harness = try ModelHarness(
            OllamaChat.self, .template, Recorded(body: RecordedAnswer.ollama.body))
        harness.advance(by: .seconds(1))
        let requests = harness.network.journal.requests
        #expect(requests.map(\.path) == ["/api/chat"])
        #expect(requests.first?.json?["messages"] == [])
        #expect(harness.finish().isEmpty)
    }

    @Test func saysHowToGetAModelThatIsNotThere() throws {
        var parameters = OllamaChat.Parameters.template
        parameters.model.warmsUp = false
        let harness = try ModelHarness(
            OllamaChat.self, parameters, Recorded(body: ""), faults: [.status(404, "model 'llama3.2' not found")])
        harness.ask()
        harness.advance(by: .seconds(1))
        #expect(harness.errors == ["Ollama: it has no model 'llama3.2'; run 'ollama pull llama3.2'"])
        #expect(harness.finish().isEmpty)
    }

    @Test func failsOnAnErrorInTheStream() throws {
        var parameters = OllamaChat.Parameters.template
        parameters.model.warmsUp = false
        let body = #"{"message":{"content":"Hi"},"done":false}"# + "\n" + #"{"error":"the model crashed"}"# + "\n"
        let harness = try ModelHarness(
            OllamaChat.self, parameters, Recorded(body: body), faults: [.chunked(.eachByte)])
        harness.ask()
        harness.advance(by: .seconds(1))
        #expect(harness.take() == ["<", "Hi", ">"])
        #expect(harness.errors == ["Ollama: broke off its answer: the model crashed"])
        #expect(harness.finish().isEmpty)
    }
}
