// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit

/// Reads the events of a message.
package struct AnthropicDecoder: ModelDecoder {
    private let secrets: [Secret<String>]
    private var events = ServerSentEvents()
    private var calls: CallAssembly
    private var usage = ModelUsage()
    package private(set) var isDone = false

    /// Creates a decoder at the beginning of an answer.
    package init(callPrefix: String, secrets: [Secret<String>] = []) {
        self.secrets = secrets
        calls = CallAssembly(prefix: callPrefix)
    }

    package mutating func take(_ bytes: ByteBuffer) throws(ProviderError) -> [ModelEvent] {
        var said: [ModelEvent] = []
        for event in try events.take(bytes) where !isDone { try take(event.data, &said) }
        return said
    }

    package mutating func finish() throws(ProviderError) -> [ModelEvent] {
        guard isDone else { throw ProviderError(.transient, "the answer was broken off before its end") }
        return try calls.calls().map { .call($0) }
    }

    private mutating func take(_ data: ByteBuffer, _ said: inout [ModelEvent]) throws(ProviderError) {
        let event = try JSONValue(event: data)
        switch event["type"]?.string {
        case "message_start": count(event["message"]?["usage"], &said)
        case "content_block_start": try begin(event, &said)
        case "content_block_delta": try take(delta: event["delta"], of: event["index"]?.integer ?? 0, &said)
        case "message_delta": count(event["usage"], &said)
        case "message_stop": isDone = true
        case "error": throw ProviderError.inStream(data, secrets: secrets)
        default: break
        }
    }

    private mutating func begin(_ event: JSONValue, _ said: inout [ModelEvent]) throws(ProviderError) {
        let block = event["content_block"]
        switch block?["type"]?.string {
        case "text": if let text = block?["text"]?.string, !text.isEmpty { said.append(.text(text)) }
        case "tool_use":
            try calls.take(
                index: event["index"]?.integer ?? 0, id: block?["id"]?.string, name: block?["name"]?.string)
            said.append(.progress)
        default: said.append(.progress)
        }
    }

    private mutating func take(
        delta: JSONValue?, of index: Int, _ said: inout [ModelEvent]
    ) throws(ProviderError) {
        switch delta?["type"]?.string {
        case "text_delta": if let text = delta?["text"]?.string, !text.isEmpty { said.append(.text(text)) }
        case "input_json_delta":
            // Other kinds of blocks have input too, which is the service's own business.
            if calls.has(index) { try calls.take(index: index, arguments: delta?["partial_json"]?.string) }
            said.append(.progress)
        default: said.append(.progress)
        }
    }

    /// The figures are sums: each replaces the one before.
    private mutating func count(_ figures: JSONValue?, _ said: inout [ModelEvent]) {
        guard let figures, figures.members != nil else { return }
        let cached = figures["cache_read_input_tokens"]?.integer
        if let input = figures["input_tokens"]?.integer {
            usage.tokensIn = input &+ (cached ?? 0) &+ (figures["cache_creation_input_tokens"]?.integer ?? 0)
        }
        usage.tokensCached = cached ?? usage.tokensCached
        usage.tokensOut = figures["output_tokens"]?.integer ?? usage.tokensOut
        said.append(.usage(usage))
    }
}
