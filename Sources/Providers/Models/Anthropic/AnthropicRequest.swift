// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The content of a request for a message.
enum AnthropicRequest {
    static func body(_ conversation: ModelConversation, _ parameters: AnthropicMessages.Parameters) -> JSONValue {
        let settings = parameters.model
        var members: [JSONValue.Member] = [
            .init("model", .string(settings.name)), .init("stream", true),
            .init("max_tokens", .integer(settings.maxTokens ?? 1024)),
        ]
        if !conversation.instructions.isEmpty {
            var block: JSONValue = text(conversation.instructions)
            if parameters.cachesPrompt { block = block.appending(["cache_control": ["type": "ephemeral"]]) }
            members.append(.init("system", [block]))
        }
        members.append(.init("messages", .array(messages(conversation))))
        members += tools(conversation)
        if let temperature = settings.temperature { members.append(.init("temperature", .number(temperature))) }
        return settings.adding(to: .object(members))
    }

    /// What may be called.
    ///
    /// A conversation that holds calls is refused without tools: where none is offered any more, those that were called are
    /// named, and forbidden.
    private static func tools(_ conversation: ModelConversation) -> [JSONValue.Member] {
        guard conversation.tools.isEmpty else {
            return [.init("tools", .array(conversation.tools.map(tool)))]
        }
        var names: [String] = []
        for call in conversation.messages.flatMap(\.toolCalls) where !names.contains(call.name) {
            names.append(call.name)
        }
        guard !names.isEmpty else { return [] }
        let past = names.map { tool(ToolDefinition(name: $0, description: "", arguments: ["type": "object"])) }
        return [.init("tools", .array(past)), .init("tool_choice", ["type": "none"])]
    }

    /// The messages: user and assistant by turns, the user first.
    private static func messages(_ conversation: ModelConversation) -> [JSONValue] {
        var messages: [(role: String, blocks: [JSONValue])] = []
        if conversation.messages.first?.role == .assistant {
            messages.append(("user", [text("(The call begins.)")]))
        }
        for message in conversation.messages {
            let role = message.role == .assistant ? "assistant" : "user"
            if messages.last?.role != role { messages.append((role, [])) }
            messages[messages.count - 1].blocks += blocks(message)
        }
        return messages.map { ["role": .string($0.role), "content": .array($0.blocks)] }
    }

    /// What a message consists of; blocks without text are refused.
    private static func blocks(_ message: Message) -> [JSONValue] {
        if message.role == .tool {
            let id = message.toolCallID ?? ""
            return [["type": "tool_result", "tool_use_id": .string(id), "content": .string(message.text)]]
        }
        let words = message.text.allSatisfy(\.isWhitespace) ? [] : [text(message.text)]
        return words + message.toolCalls.map(call)
    }

    private static func text(_ text: String) -> JSONValue { ["type": "text", "text": .string(text)] }

    private static func call(_ call: ToolCall) -> JSONValue {
        ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": call.argumentObject]
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        ["name": .string(tool.name), "description": .string(tool.description), "input_schema": tool.arguments]
    }
}

extension ToolCall {
    /// The arguments for services that take them as an object; none when the model wrote something else.
    var argumentObject: JSONValue {
        guard let value = try? JSONValue(parsing: arguments.utf8), value.members != nil else { return [:] }
        return value
    }
}
