// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Anthropic's Messages, with the rules that it is strict about: who speaks when, and that every use of a tool has its
/// result in the next message.
package struct AnthropicDouble: ProviderDouble {
    private let reply: @Sendable (DoubleQuestion) -> DoubleReply
    private let key: String?

    /// Creates a double that decides by the question.
    package init(key: String? = nil, _ reply: @escaping @Sendable (DoubleQuestion) -> DoubleReply) {
        self.key = key
        self.reply = reply
    }

    /// Creates a double that says one thing after the other, and the last one over and over.
    package init(says replies: [DoubleReply], key: String? = nil) {
        self.init(key: key) { question in
            replies.isEmpty ? DoubleReply() : replies[min(question.index, replies.count - 1)]
        }
    }

    package func answer(_ request: DoubleRequest) -> DoubleAnswer {
        if let key, request.header("x-api-key") != key {
            return Self.error(401, "authentication_error", "invalid x-api-key")
        }
        guard request.header("anthropic-version") != nil else {
            return Self.error(400, "invalid_request_error", "anthropic-version: header is required")
        }
        if request.method == "GET", request.path.hasSuffix("/models") { return .json(["data": []]) }
        guard request.method == "POST", request.path.hasSuffix("/messages") else {
            return Self.error(404, "not_found_error", "Not found")
        }
        guard let body = request.json, body["model"]?.string != nil, body["max_tokens"]?.integer != nil,
            let messages = body["messages"]?.array, !messages.isEmpty
        else {
            return Self.error(400, "invalid_request_error", "model, max_tokens and messages are required")
        }
        if let problem = Self.problem(messages) ?? Self.problem(messages, tools: body["tools"]) {
            return Self.error(400, "invalid_request_error", problem)
        }
        return Self.streamed(reply(Self.question(messages)))
    }

    // MARK: Requests

    private static func blocks(_ message: JSONValue) -> [JSONValue] { message["content"]?.array ?? [] }

    private static func ids(_ message: JSONValue, _ type: String, _ key: String) -> [String] {
        blocks(message).filter { $0["type"]?.string == type }.compactMap { $0[key]?.string }
    }

    private static func problem(_ messages: [JSONValue]) -> String? {
        if messages.first?["role"] != "user" { return "messages: first message must use the user role" }
        if messages.last?["role"] != "user" { return "messages: the last message must use the user role" }
        var uses: [String] = []
        for message in messages {
            let results = ids(message, "tool_result", "tool_use_id")
            if Set(results) != Set(uses) || results.count != uses.count {
                return "tool_use ids were found without tool_result blocks immediately after"
            }
            if blocks(message).contains(where: { $0["type"] == "text" && $0["text"] == "" }) {
                return "messages: text content blocks must be non-empty"
            }
            uses = ids(message, "tool_use", "id")
        }
        return nil
    }

    private static func problem(_ messages: [JSONValue], tools: JSONValue?) -> String? {
        let called = messages.contains { !ids($0, "tool_use", "id").isEmpty }
        return called && tools == nil ? "tools: must be defined where messages hold tool_use blocks" : nil
    }

    private static func question(_ messages: [JSONValue]) -> DoubleQuestion {
        let asked = messages.filter { $0["role"] == "user" }
        let text = asked.last.map(blocks)?.compactMap { $0["text"]?.string }.joined(separator: " ") ?? ""
        return DoubleQuestion(index: max(asked.count - 1, 0), text: text)
    }

    // MARK: Answers

    private static func streamed(_ reply: DoubleReply) -> DoubleAnswer {
        var stream = DoubleEvents()
        stream.send("message_start", ["message": ["id": "msg_double", "usage": usage(10, 1)]])
        stream.send("ping", [:])
        stream.wait(reply.delay)
        if !reply.text.isEmpty {
            stream.send("content_block_start", ["index": 0, "content_block": ["type": "text", "text": ""]])
            for (number, token) in reply.tokens.enumerated() {
                if number > 0 { stream.wait(reply.gap) }
                let delta: JSONValue = ["type": "text_delta", "text": .string(token)]
                stream.send("content_block_delta", ["index": 0, "delta": delta])
            }
            stream.send("content_block_stop", ["index": 0])
        }
        for (number, call) in reply.toolCalls.enumerated() {
            let index = JSONValue.integer(number + 1)
            let block: JSONValue = [
                "type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": [:],
            ]
            stream.send("content_block_start", ["index": index, "content_block": block])
            let delta: JSONValue = ["type": "input_json_delta", "partial_json": .string(call.arguments)]
            stream.send("content_block_delta", ["index": index, "delta": delta])
            stream.send("content_block_stop", ["index": index])
        }
        if let error = reply.error {
            stream.send("error", ["error": ["type": "overloaded_error", "message": .string(error)]])
        } else {
            let reason: JSONValue = reply.toolCalls.isEmpty ? "end_turn" : "tool_use"
            stream.send("message_delta", ["delta": ["stop_reason": reason], "usage": ["output_tokens": 12]])
            stream.send("message_stop", [:])
        }
        return DoubleAnswer(contentType: "text/event-stream", body: stream.steps)
    }

    private static func usage(_ input: Int, _ output: Int) -> JSONValue {
        ["input_tokens": .integer(input), "output_tokens": .integer(output)]
    }

    private static func error(_ status: Int, _ type: String, _ message: String) -> DoubleAnswer {
        .json(["type": "error", "error": ["type": .string(type), "message": .string(message)]], status: status)
    }
}

/// Events whose name is in their data too.
struct DoubleEvents {
    /// What is sent.
    private(set) var steps: [DoubleStep] = []

    mutating func send(_ name: String, _ members: JSONValue) {
        let data = (["type": .string(name)] as JSONValue).appending(members)
        steps.append(.text("event: \(name)\ndata: \(data)\n\n"))
    }

    mutating func wait(_ duration: Duration) {
        if duration > .zero { steps.append(.wait(duration)) }
    }
}
