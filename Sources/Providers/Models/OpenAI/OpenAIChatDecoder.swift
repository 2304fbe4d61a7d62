// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit

/// Reads the chunks of a chat completion, in all the variants that servers send.
package struct OpenAIChatDecoder: ModelDecoder {
    private let secrets: [Secret<String>]
    private var events = ServerSentEvents()
    private var thoughts = ThoughtFilter()
    private var calls: CallAssembly
    private var hasFinished = false
    package private(set) var isDone = false

    /// Creates a decoder at the beginning of an answer.
    package init(callPrefix: String, secrets: [Secret<String>] = []) {
        self.secrets = secrets
        calls = CallAssembly(prefix: callPrefix)
    }

    package var isComplete: Bool { hasFinished || isDone }

    package mutating func take(_ bytes: ByteBuffer) throws(ProviderError) -> [ModelEvent] {
        var said: [ModelEvent] = []
        for event in try events.take(bytes) where !isDone { try take(event.data, &said) }
        return said
    }

    package mutating func finish() throws(ProviderError) -> [ModelEvent] {
        // Some proxies leave out the last line; without the reason for the end as well, it is no end.
        guard isComplete else { throw ProviderError(.transient, "the answer was broken off before its end") }
        let rest = thoughts.finish()
        return (rest.isEmpty ? [] : [.text(rest)]) + (try calls.calls()).map { .call($0) }
    }

    private mutating func take(_ data: ByteBuffer, _ said: inout [ModelEvent]) throws(ProviderError) {
        if data.readableBytesView.elementsEqual("[DONE]".utf8) { return isDone = true }
        let chunk = try JSONValue(event: data)
        if let error = chunk["error"], error != .null { throw ProviderError.inStream(data, secrets: secrets) }
        if let error = chunk["x_groq"]?["error"], error != .null {
            throw ProviderError.inStream(ByteBuffer(string: "\(["error": error] as JSONValue)"), secrets: secrets)
        }
        // Some send it with every chunk, and some in a place of their own: the last one counts.
        for usage in [chunk["usage"], chunk["x_groq"]?["usage"]] {
            if let usage, usage.members != nil { said.append(.usage(ModelUsage(openAI: usage))) }
        }
        guard let choice = chunk["choices"]?.array?.first else { return }
        if let delta = choice["delta"] { try take(delta: delta, &said) }
        if choice["finish_reason"]?.string != nil { hasFinished = true }
    }

    private mutating func take(delta: JSONValue, _ said: inout [ModelEvent]) throws(ProviderError) {
        for words in [delta["content"]?.string, delta["refusal"]?.string] {
            guard let words, !words.isEmpty else { continue }
            let text = thoughts.take(words)
            said.append(text.isEmpty ? .progress : .text(text))
        }
        for thought in [delta["reasoning_content"]?.string, delta["reasoning"]?.string] {
            if let thought, !thought.isEmpty { said.append(.progress) }
        }
        for (position, call) in (delta["tool_calls"]?.array ?? []).enumerated() {
            let arguments = call["function"]?["arguments"]
            try calls.take(
                index: call["index"]?.integer ?? position, id: call["id"]?.string,
                name: call["function"]?["name"]?.string,
                arguments: arguments?.string ?? (arguments?.members == nil ? nil : arguments?.description))
            said.append(.progress)
        }
    }
}

extension ModelUsage {
    /// Reads the figures of a chat completion.
    init(openAI usage: JSONValue) {
        self.init(
            tokensIn: usage["prompt_tokens"]?.integer,
            tokensCached: usage["prompt_tokens_details"]?["cached_tokens"]?.integer,
            tokensOut: usage["completion_tokens"]?.integer)
    }
}
