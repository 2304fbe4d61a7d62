// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The content of a request for a chat completion; only what is configured is sent, for gateways refuse the rest.
enum OpenAIChatRequest {
    static func body(_ conversation: ModelConversation, _ parameters: OpenAIChat.Parameters) -> JSONValue {
        let settings = parameters.model
        var members: [JSONValue.Member] = [
            .init("model", .string(settings.name)), .init("stream", true),
            .init("messages", .array(messages(conversation))),
        ]
        if parameters.countsTokens { members.append(.init("stream_options", ["include_usage": true])) }
        if !conversation.tools.isEmpty { members.append(.init("tools", .array(conversation.tools.map(tool)))) }
        if let limit = settings.maxTokens {
            let name = parameters.limitName ?? (parameters.isOpenAI ? .maxCompletionTokens : .maxTokens)
            members.append(.init(name.rawValue, .integer(limit)))
        }
        if let temperature = settings.temperature { members.append(.init("temperature", .number(temperature))) }
        if let effort = parameters.reasoningEffort { members.append(.init("reasoning_effort", .string(effort))) }
        return settings.adding(to: .object(members))
    }

    private static func messages(_ conversation: ModelConversation) -> [JSONValue] {
        let instructions: [JSONValue] =
            conversation.instructions.isEmpty
            ? [] : [["role": "system", "content": .string(conversation.instructions)]]
        return instructions + conversation.messages.map(message)
    }

    private static func message(_ message: Message) -> JSONValue {
        // Templates of local servers fail on a content of null.
        var members: [JSONValue.Member] = [
            .init("role", .string(message.role.rawValue)), .init("content", .string(message.text)),
        ]
        if !message.toolCalls.isEmpty { members.append(.init("tool_calls", .array(message.toolCalls.map(call)))) }
        if let id = message.toolCallID { members.append(.init("tool_call_id", .string(id))) }
        return .object(members)
    }

    private static func call(_ call: ToolCall) -> JSONValue {
        [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
        ]
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
