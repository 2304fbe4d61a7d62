// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import PipelineKit

/// Reads the events of a response.
package struct OpenAIResponsesDecoder: ModelDecoder {
    private let secrets: [Secret<String>]
    private var events = ServerSentEvents()
    private var calls: CallAssembly
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
        let index = event["output_index"]?.integer ?? 0
        switch event["type"]?.string {
        case "response.output_text.delta", "response.refusal.delta":
            if let text = event["delta"]?.string, !text.isEmpty { said.append(.text(text)) }
        case "response.output_item.added": try begin(event["item"], index, &said)
        case "response.function_call_arguments.delta":
            try calls.take(index: index, arguments: event["delta"]?.string)
            said.append(.progress)
        case "response.function_call_arguments.done":
            if let arguments = event["arguments"]?.string { try calls.settle(index: index, arguments: arguments) }
        case "response.completed", "response.incomplete": end(event["response"], &said)
        case "response.failed":
            let error = event["response"]?["error"] ?? .null
            throw ProviderError.inStream(ByteBuffer(string: "\(["error": error] as JSONValue)"), secrets: secrets)
        case "error": throw ProviderError.inStream(data, secrets: secrets)
        case let type?: if type.hasPrefix("response.reasoning") { said.append(.progress) }
        case nil: break
        }
    }

    private mutating func begin(
        _ item: JSONValue?, _ index: Int, _ said: inout [ModelEvent]
    ) throws(ProviderError) {
        guard item?["type"]?.string == "function_call" else { return }
        try calls.take(
            index: index, id: item?["call_id"]?.string, name: item?["name"]?.string,
            arguments: item?["arguments"]?.string)
        said.append(.progress)
    }

    private mutating func end(_ response: JSONValue?, _ said: inout [ModelEvent]) {
        isDone = true
        guard let usage = response?["usage"], usage.members != nil else { return }
        said.append(
            .usage(
                ModelUsage(
                    tokensIn: usage["input_tokens"]?.integer,
                    tokensCached: usage["input_tokens_details"]?["cached_tokens"]?.integer,
                    tokensOut: usage["output_tokens"]?.integer)))
    }
}
