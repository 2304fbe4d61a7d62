// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import ProviderDoubles
import Testing

@Suite struct OpenAIChatDoubleTests {
    private func ask(_ double: OpenAIChatDouble, _ body: JSONValue, key: String? = nil) -> DoubleAnswer {
        double.answer(
            DoubleRequest(
                method: "POST", host: "api.openai.com", target: "/v1/chat/completions",
                headers: key.map { [("authorization", "Bearer \($0)")] } ?? [],
                body: ByteBuffer(string: body.description)))
    }

    private func events(_ answer: DoubleAnswer) throws -> [JSONValue] {
        try answer.body.compactMap { step in
            guard case .text(let text) = step, text != "data: [DONE]\n\n" else { return nil }
            return try JSONValue(parsing: text.dropFirst(6).utf8)
        }
    }

    private static func request(_ messages: JSONValue..., stream: JSONValue = true) -> JSONValue {
        ["model": "m", "stream": stream, "stream_options": ["include_usage": true], "messages": .array(messages)]
    }

    @Test func streamsWordsThenUsageThenTheEnd() throws {
        let double = OpenAIChatDouble(says: [DoubleReply("Hello,  my friend.", after: .milliseconds(300))])
        let answer = ask(double, Self.request(["role": "user", "content": "hi"]))
        let chunks = try events(answer)
        #expect(answer.body.contains(.wait(.milliseconds(300))))
        #expect(answer.body.last == .text("data: [DONE]\n\n"))
        let tokens = chunks.compactMap { $0["choices"]?.array?.first?["delta"]?["content"]?.string }
        #expect(tokens == ["", "Hello,", "  my", " friend."])
        #expect(chunks.last?["usage"]?["completion_tokens"] == 3)
        #expect(chunks.dropLast().last?["choices"]?.array?.first?["finish_reason"] == "stop")
    }

    @Test func countsTheAnswersByTheConversation() throws {
        let call: JSONValue = ["id": "c1", "type": "function", "function": ["name": "f", "arguments": "{}"]]
        let asks: JSONValue = ["role": "assistant", "content": "", "tool_calls": [call]]
        let user: JSONValue = ["role": "user", "content": "x"]
        let result: JSONValue = ["role": "tool", "tool_call_id": "c1", "content": "1"]
        let double = OpenAIChatDouble(says: ["zero", "one", "two"])
        func said(_ messages: JSONValue...) throws -> String? {
            let request = Self.request(["role": "system", "content": "s"]).appending([:])
            guard case .object(var members) = request else { return nil }
            members.removeAll { $0.key == "messages" || $0.key == "stream" }
            members.append(.init("messages", .array(messages)))
            let body = try #require(ask(double, .object(members)).body.first)
            guard case .text(let text) = body else { return nil }
            return try JSONValue(parsing: text.utf8)["choices"]?.array?.first?["message"]?["content"]?.string
        }
        #expect(try said(user) == "zero")
        #expect(try said(user, asks, result) == "one")
        #expect(try said(user, asks, result, user) == "two")
        #expect(try said(user, user, user, user, user) == "two")
    }

    @Test func sendsCallsInPieces() throws {
        let reply = DoubleReply(toolCalls: [ToolCall(id: "c1", name: "weather", arguments: #"{"city":"Oslo"}"#)])
        let chunks = try events(
            ask(OpenAIChatDouble(says: [reply]), Self.request(["role": "user", "content": "?"])))
        let calls = chunks.compactMap { $0["choices"]?.array?.first?["delta"]?["tool_calls"]?.array?.first }
        #expect(calls.first?["id"] == "c1")
        #expect(calls.compactMap { $0["function"]?["arguments"]?.string }.joined() == #"{"city":"Oslo"}"#)
        #expect(calls.count == 3)
    }

    @Test func checksWhatTheRealOneChecks() {
        let double = OpenAIChatDouble(says: ["hi"], key: "k")
        let user: JSONValue = ["role": "user", "content": "x"]
        #expect(ask(double, Self.request(user)).status == 401)
        #expect(ask(double, Self.request(user), key: "k").status == 200)
        #expect(ask(double, ["messages": [user]], key: "k").status == 400)
        #expect(ask(double, ["model": "m", "messages": []], key: "k").status == 400)
        let call: JSONValue = ["id": "c1", "type": "function", "function": ["name": "f", "arguments": "{}"]]
        let asks: JSONValue = ["role": "assistant", "content": .null, "tool_calls": [call]]
        #expect(ask(double, Self.request(user, asks, user), key: "k").status == 400)
    }

    @Test func failsInTheStream() throws {
        let double = OpenAIChatDouble(says: [DoubleReply("Well", error: "overloaded")])
        let chunks = try events(ask(double, Self.request(["role": "user", "content": "hi"])))
        #expect(chunks.last?["error"]?["message"] == "overloaded")
        let reasons = chunks.compactMap { $0["choices"]?.array?.first?["finish_reason"]?.string }
        #expect(reasons.isEmpty)
    }
}
