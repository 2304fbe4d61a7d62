// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The content of a request to Ollama.
enum OllamaRequest {
    static func body(_ conversation: ModelConversation, _ parameters: OllamaChat.Parameters) -> JSONValue {
        var members = head(parameters)
        let instructions: [JSONValue] =
            conversation.instructions.isEmpty
            ? [] : [["role": "system", "content": .string(conversation.instructions)]]
        let messages = conversation.messages.map { message($0, conversation) }
        members.append(.init("messages", .array(instructions + messages)))
        members.append(.init("stream", true))
        if !conversation.tools.isEmpty { members.append(.init("tools", .array(conversation.tools.map(tool)))) }
        if let thinks = parameters.thinks { members.append(.init("think", .bool(thinks))) }
        return parameters.model.adding(to: .object(members))
    }

    static func loading(_ parameters: OllamaChat.Parameters) -> JSONValue {
        .object(head(parameters) + [.init("messages", []), .init("stream", false)])
    }

    private static func head(_ parameters: OllamaChat.Parameters) -> [JSONValue.Member] {
        // Another length of the context, here or there, would load the model again.
        var options: [JSONValue.Member] = [.init("num_ctx", .integer(parameters.contextTokens))]
        if let limit = parameters.model.maxTokens { options.append(.init("num_predict", .integer(limit))) }
        if let temperature = parameters.model.temperature {
            options.append(.init("temperature", .number(temperature)))
        }
        return [
            .init("model", .string(parameters.model.name)), .init("options", .object(options)),
            .init("keep_alive", .integer(Int(parameters.keepAlive.components.seconds))),
        ]
    }

    private static func message(_ message: Message, _ conversation: ModelConversation) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("role", .string(message.role.rawValue)), .init("content", .string(message.text)),
        ]
        if !message.toolCalls.isEmpty {
            let calls = message.toolCalls.map { call -> JSONValue in
                ["function": ["name": .string(call.name), "arguments": call.argumentObject]]
            }
            members.append(.init("tool_calls", .array(calls)))
        }
        if message.role == .tool { members.append(.init("tool_name", .string(conversation.function(of: message)))) }
        return .object(members)
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.description), "parameters": tool.arguments,
            ],
        ]
    }
}
