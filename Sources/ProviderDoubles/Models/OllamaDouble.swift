// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Ollama's own interface: the models that it has, and answers line by line.
package struct OllamaDouble: ProviderDouble {
    private let reply: @Sendable (DoubleQuestion) -> DoubleReply
    private let models: [String]?

    /// Creates a double that decides by the question.
    ///
    /// - Parameter models: What has been pulled; anything if `nil`.
    package init(models: [String]? = nil, _ reply: @escaping @Sendable (DoubleQuestion) -> DoubleReply) {
        self.models = models
        self.reply = reply
    }

    /// Creates a double that says one thing after the other, and the last one over and over.
    package init(says replies: [DoubleReply], models: [String] = ["llama3.2"]) {
        self.init(models: models) { question in
            replies.isEmpty ? DoubleReply() : replies[min(question.index, replies.count - 1)]
        }
    }

    package func answer(_ request: DoubleRequest) -> DoubleAnswer {
        guard request.method == "POST", request.path.hasSuffix("/api/chat") else {
            return DoubleAnswer(status: 404, contentType: "text/plain", body: [.text("404 page not found")])
        }
        guard let body = request.json, let model = body["model"]?.string else {
            return .json(["error": "model is required"], status: 400)
        }
        guard models?.contains(model) ?? true else {
            return .json(["error": .string("model '\(model)' not found")], status: 404)
        }
        let messages = body["messages"]?.array ?? []
        if messages.isEmpty { return .json(["model": .string(model), "done_reason": "load", "done": true]) }
        let asked = messages.filter { $0["role"] == "user" || $0["tool_calls"] != nil }
        let text = messages.last { $0["role"] == "user" }?["content"]?.string ?? ""
        return Self.streamed(reply(DoubleQuestion(index: max(asked.count - 1, 0), text: text)), model)
    }

    private static func streamed(_ reply: DoubleReply, _ model: String) -> DoubleAnswer {
        var steps: [DoubleStep] = []
        func send(_ members: JSONValue, isDone: Bool = false) {
            let line = (["model": .string(model)] as JSONValue).appending(members).appending(["done": .bool(isDone)])
            steps.append(.text("\(line)\n"))
        }
        func wait(_ duration: Duration) { if duration > .zero { steps.append(.wait(duration)) } }
        wait(reply.delay)
        for (number, token) in reply.tokens.enumerated() {
            if number > 0 { wait(reply.gap) }
            send(["message": ["role": "assistant", "content": .string(token)]])
        }
        for call in reply.toolCalls {
            let arguments = (try? JSONValue(parsing: call.arguments.utf8)) ?? [:]
            let function: JSONValue = ["name": .string(call.name), "arguments": arguments]
            send(["message": ["role": "assistant", "content": "", "tool_calls": [["function": function]]]])
        }
        if let error = reply.error {
            steps.append(.text("\(["error": .string(error)] as JSONValue)\n"))
        } else {
            let message: JSONValue = ["role": "assistant", "content": ""]
            let counts: JSONValue = ["prompt_eval_count": 10, "eval_count": .integer(reply.tokens.count)]
            send((["message": message, "done_reason": "stop"] as JSONValue).appending(counts), isDone: true)
        }
        return DoubleAnswer(contentType: "application/x-ndjson", body: steps)
    }
}
