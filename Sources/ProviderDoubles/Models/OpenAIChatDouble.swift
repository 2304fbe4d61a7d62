// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// OpenAI's chat completions, as OpenAI, Groq, llama.cpp, vLLM and Ollama serve them: protocols/openai-compatible.md.
///
/// Checks what the real one checks: the key, the model, that every tool call has its result. Answers as a stream of
/// events, or in one piece when no stream is asked for.
package struct OpenAIChatDouble: ProviderDouble {
    /// What it says.
    private let reply: @Sendable (DoubleQuestion) -> DoubleReply
    /// The key that it takes; any if `nil`.
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
        if let key, request.header("authorization") != "Bearer \(key)" {
            return .error(401, "Incorrect API key provided.", code: "invalid_api_key")
        }
        if request.method == "GET", request.path.hasSuffix("/models") {
            return .json(["object": "list", "data": [["id": "double", "object": "model"]]])
        }
        guard request.method == "POST", request.path.hasSuffix("/chat/completions") else { return .notFound(request) }
        guard let body = request.json else { return .error(400, "We could not parse the JSON body of your request.") }
        guard case .string(let model)? = body["model"] else { return .error(400, "you must provide a model parameter") }
        guard case .array(let messages)? = body["messages"], !messages.isEmpty else {
            return .error(400, "'messages' must be an array with at least one message")
        }
        if let unanswered = Self.unansweredCall(messages) {
            return .error(
                400, "tool_call_ids did not have response messages: \(unanswered)", code: "invalid_request_error")
        }
        let reply = reply(Self.question(messages))
        guard body["stream"] == true else { return Self.whole(reply, model) }
        return Self.streamed(reply, model, withUsage: body["stream_options"]?["include_usage"] == true)
    }

    // MARK: Requests

    private static func question(_ messages: [JSONValue]) -> DoubleQuestion {
        let rounds = messages.filter { $0["role"] == "user" || Self.calls($0).isEmpty == false }
        var text = ""
        if case .string(let content)? = messages.last(where: { $0["role"] == "user" })?["content"] { text = content }
        return DoubleQuestion(index: max(rounds.count - 1, 0), text: text)
    }

    private static func calls(_ message: JSONValue) -> [String] {
        guard case .array(let calls)? = message["tool_calls"] else { return [] }
        return calls.compactMap { call in
            if case .string(let id)? = call["id"] { id } else { nil }
        }
    }

    /// A call without a result before the next message of anybody else.
    private static func unansweredCall(_ messages: [JSONValue]) -> String? {
        var waiting: [String] = []
        for message in messages {
            if message["role"] == "tool", case .string(let id)? = message["tool_call_id"] {
                waiting.removeAll { $0 == id }
            } else if let call = waiting.first {
                return call
            } else {
                waiting = calls(message)
            }
        }
        return waiting.first
    }

    // MARK: Answers

    private static func streamed(_ reply: DoubleReply, _ model: String, withUsage: Bool) -> DoubleAnswer {
        var steps: [DoubleStep] = []
        func send(_ delta: JSONValue, finish: JSONValue = .null) {
            let choice: JSONValue = ["index": 0, "delta": delta, "logprobs": .null, "finish_reason": finish]
            steps.append(.text("data: \(chunk(model, choices: [choice]))\n\n"))
        }
        send(["role": "assistant", "content": ""])
        if reply.delay > .zero { steps.append(.wait(reply.delay)) }
        for (index, token) in reply.tokens.enumerated() {
            if index > 0, reply.gap > .zero { steps.append(.wait(reply.gap)) }
            send(["content": .string(token)])
        }
        for (index, call) in reply.toolCalls.enumerated() {
            send(["tool_calls": [opening(call, index)]])
            for piece in halves(of: call.arguments) {
                send(["tool_calls": [["index": .integer(index), "function": ["arguments": .string(piece)]]]])
            }
        }
        if let error = reply.error {
            let detail: JSONValue = ["message": .string(error), "type": "server_error", "code": .null]
            steps.append(.text("data: \(JSONValue.object([.init("error", detail)]))\n\n"))
        } else {
            send([:], finish: reply.toolCalls.isEmpty ? "stop" : "tool_calls")
            if withUsage {
                steps.append(.text("data: \(chunk(model, choices: []).appending(["usage": usage(reply)]))\n\n"))
            }
            steps.append(.text("data: [DONE]\n\n"))
        }
        return DoubleAnswer(contentType: "text/event-stream", body: steps)
    }

    private static func chunk(_ model: String, choices: [JSONValue]) -> JSONValue {
        [
            "id": "chatcmpl-double", "object": "chat.completion.chunk", "created": 1, "model": .string(model),
            "choices": .array(choices),
        ]
    }

    private static func opening(_ call: ToolCall, _ index: Int) -> JSONValue {
        [
            "index": .integer(index), "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": ""],
        ]
    }

    private static func halves(of text: String) -> [String] {
        let middle = text.index(text.startIndex, offsetBy: text.count / 2)
        return [String(text[..<middle]), String(text[middle...])].filter { !$0.isEmpty }
    }

    private static func whole(_ reply: DoubleReply, _ model: String) -> DoubleAnswer {
        if let error = reply.error { return .error(500, error, type: "server_error") }
        let calls = reply.toolCalls.map { call -> JSONValue in
            [
                "id": .string(call.id), "type": "function",
                "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
            ]
        }
        var message: JSONValue = ["role": "assistant", "content": .string(reply.text)]
        if !calls.isEmpty { message = message.appending(["tool_calls": .array(calls)]) }
        let choice: JSONValue = [
            "index": 0, "message": message, "finish_reason": calls.isEmpty ? "stop" : "tool_calls",
        ]
        return .json(
            [
                "id": "chatcmpl-double", "object": "chat.completion", "created": 1, "model": .string(model),
                "choices": [choice], "usage": usage(reply),
            ], delay: reply.delay)
    }

    private static func usage(_ reply: DoubleReply) -> JSONValue {
        let count = reply.tokens.count + reply.toolCalls.count
        return ["prompt_tokens": 10, "completion_tokens": .integer(count), "total_tokens": .integer(10 + count)]
    }
}
