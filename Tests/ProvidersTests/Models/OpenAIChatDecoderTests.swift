// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Providers
import Testing

@Suite struct OpenAIChatDecoderTests {
    private func decode(_ events: String...) -> Result<[ModelEvent], ProviderError> {
        let text = events.map { "data: \($0)\n\n" }.joined()
        return ProvidersTests.decode(OpenAIChatDecoder(callPrefix: "call_1_0"), [Array(text.utf8)])
    }

    private func delta(_ delta: String, finish: String = "null") -> String {
        #"{"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
    }

    private static let stop = #"{"choices":[{"index":0,"delta":null,"finish_reason":"stop"}]}"#

    @Test func endsWithTheReasonWhenTheLastLineIsMissing() throws {
        #expect(try decode(delta(#"{"content":"Hi"}"#), Self.stop).get().text == "Hi")
    }

    @Test func takesAnEndWithoutReasonForABreak() {
        #expect(throws: ProviderError.self) { try decode(delta(#"{"content":"Hi"}"#)).get() }
    }

    @Test func takesCallsWhateverTheReasonForTheEnd() throws {
        let call = delta(#"{"tool_calls":[{"index":0,"id":"x","function":{"name":"f"}}]}"#)
        #expect(try decode(call, Self.stop).get().calls == [ToolCall(id: "x", name: "f", arguments: "{}")])
    }

    @Test func keepsCallsApartThatHaveTheSameIndex() throws {
        let one = delta(#"{"tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\":1}"}}]}"#)
        let two = delta(#"{"tool_calls":[{"index":0,"id":"y","function":{"name":"g","arguments":"{}"}}]}"#)
        let expected = [
            ToolCall(id: "x", name: "f", arguments: #"{"a":1}"#), ToolCall(id: "y", name: "g", arguments: "{}"),
        ]
        #expect(try decode(one, two, Self.stop).get().calls == expected)
    }

    @Test func namesCallsThatHaveNoName() throws {
        let calls = delta(
            #"{"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}},{"function":{"name":"g"}}]}"#)
        let expected = [
            ToolCall(id: "call_1_0_0", name: "f", arguments: #"{"a":1}"#),
            ToolCall(id: "call_1_0_1", name: "g", arguments: "{}"),
        ]
        #expect(try decode(calls, Self.stop).get().calls == expected)
    }

    @Test func takesANameThatComesAgainForTheSame() throws {
        let pieces = ["{", "}"].map { piece in
            delta(#"{"tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"\#(piece)"}}]}"#)
        }
        let calls = try decode(pieces[0], pieces[1], Self.stop).get().calls
        #expect(calls == [ToolCall(id: "x", name: "f", arguments: "{}")])
    }

    @Test func speaksNoThoughts() throws {
        let events = try decode(
            delta(#"{"reasoning_content":"a"}"#), delta(#"{"reasoning":"b"}"#), delta(#"{"content":"<thi"}"#),
            delta(#"{"content":"nk>c</think>\n\nHi <"}"#), delta(#"{"content":"3"}"#), Self.stop
        ).get()
        #expect(events.text == "Hi <3")
        #expect(events.prefix(3) == [.progress, .progress, .progress])
    }

    @Test func speaksARefusal() throws {
        #expect(try decode(delta(#"{"refusal":"No."}"#), Self.stop).get().text == "No.")
    }

    @Test func keepsTheLastCount() throws {
        let usage = #"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#
        let last = #"{"choices":[],"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":7}}}"#
        #expect(try decode(usage, last, Self.stop).get().usage == ModelUsage(tokensIn: 1, tokensOut: 7))
    }

    @Test(arguments: [
        (#"{"error":{"message":"boom","type":"server_error","code":500}}"#, ProviderError.Kind.transient),
        (#"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#, .capacity),
        (#"{"x_groq":{"error":"over capacity"}}"#, .transient), ("{", .malformed), ("[1", .malformed),
    ])
    func failsOnAnErrorInTheStream(event: String, kind: ProviderError.Kind) {
        let error = #expect(throws: ProviderError.self) { try decode(event, Self.stop, "[DONE]").get() }
        #expect(error?.kind == kind)
    }

    @Test func refusesCallsWithoutMeasure() {
        let many = (0..<100).map { #"{"index":\#($0),"id":"c\#($0)","function":{"name":"f"}}"# }
        #expect(throws: ProviderError.self) {
            try decode(delta(#"{"tool_calls":[\#(many.joined(separator: ","))]}"#), Self.stop).get()
        }
        let long = String(repeating: "a", count: 300_000)
        #expect(throws: ProviderError.self) {
            try decode(
                delta(#"{"tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"\#(long)"}}]}"#),
                Self.stop
            ).get()
        }
    }
}
