// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit

/// Reads the lines of an answer of Ollama.
package struct OllamaDecoder: ModelDecoder {
    private let secrets: [Secret<String>]
    private var lines = LineReader()
    private var thoughts = ThoughtFilter()
    private var calls: CallAssembly
    private var callCount = 0
    package private(set) var isDone = false

    /// Creates a decoder at the beginning of an answer.
    package init(callPrefix: String, secrets: [Secret<String>] = []) {
        self.secrets = secrets
        calls = CallAssembly(prefix: callPrefix)
    }

    package mutating func take(_ bytes: ByteBuffer) throws(ProviderError) -> [ModelEvent] {
        var said: [ModelEvent] = []
        for line in try lines.take(bytes) where !isDone && line.readableBytes > 0 { try take(line, &said) }
        return said
    }

    package mutating func finish() throws(ProviderError) -> [ModelEvent] {
        guard isDone else { throw ProviderError(.transient, "the answer was broken off before its end") }
        let rest = thoughts.finish()
        return (rest.isEmpty ? [] : [.text(rest)]) + (try calls.calls()).map { .call($0) }
    }

    private mutating func take(_ line: ByteBuffer, _ said: inout [ModelEvent]) throws(ProviderError) {
        let chunk = try JSONValue(event: line)
        if let error = chunk["error"], error != .null { throw ProviderError.inStream(line, secrets: secrets) }
        let message = chunk["message"]
        if let words = message?["content"]?.string, !words.isEmpty {
            let text = thoughts.take(words)
            said.append(text.isEmpty ? .progress : .text(text))
        }
        if let thought = message?["thinking"]?.string, !thought.isEmpty { said.append(.progress) }
        for call in message?["tool_calls"]?.array ?? [] {
            // Each comes whole, and the numbers that some versions give them begin anew in every line.
            let arguments = call["function"]?["arguments"]
            try calls.take(
                index: callCount, id: call["id"]?.string, name: call["function"]?["name"]?.string,
                arguments: arguments?.string ?? arguments?.description)
            callCount += 1
            said.append(.progress)
        }
        guard chunk["done"]?.bool == true else { return }
        isDone = true
        said.append(
            .usage(
                ModelUsage(
                    tokensIn: chunk["prompt_eval_count"]?.integer, tokensOut: chunk["eval_count"]?.integer)))
    }
}
