// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import ProviderDoubles
import Providers
import Testing

@Suite struct DoubleScriptTests {
    private nonisolated(nonsending) static func ask(
        _ text: String, host: String, _ output: ServiceOutput
    ) async throws -> String {
        var request = ProviderRequest("POST", url: "https://\(host)/v1/chat/completions")
        let message: JSONValue = ["role": "user", "content": .string(text)]
        let body: JSONValue = ["model": "m", "messages": [message]]
        request.body = ByteBuffer(string: body.description)
        let response = try await output.network.send(request, output)
        var content = ByteBuffer()
        while let bytes = try await response.body.next() { content.writeImmutableBuffer(bytes) }
        let value = try JSONValue(parsing: content.readableBytesView)
        let said = value["choices"]?.array?.first?["message"]?["content"]?.string
        return "\(response.status) \(said ?? value["error"]?["message"]?.string ?? "")"
    }

    @Test func answersForEveryHostAndFailsInTheOrderOfItsFaults() throws {
        let harness = ExchangeHarness()
        harness.network.routes.add(
            DoubleScript(
                says: [DoubleReply("Good morning.", after: .milliseconds(300))],
                faults: [(.status(503), .model), (.none, nil)]))
        let answers = try harness.run { output in
            var answers: [String] = []
            for host in ["api.openai.com", "api.groq.com", "127.0.0.1:8080"] {
                answers.append(try await Self.ask("hello", host: host, output))
            }
            return answers
        }
        #expect(answers == ["503 scripted", "200 Good morning.", "200 Good morning."])
        #expect(harness.network.journal.isClean)
        #expect(harness.network.journal.requests.map(\.host) == ["api.openai.com", "api.groq.com", "127.0.0.1"])
    }
}
