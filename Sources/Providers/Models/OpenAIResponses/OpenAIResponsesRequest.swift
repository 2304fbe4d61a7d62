// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The content of a request for a response.
enum OpenAIResponsesRequest {
    static func body(_ conversation: ModelConversation, _ parameters: OpenAIResponses.Parameters) -> JSONValue {
        let settings = parameters.model
        var members: [JSONValue.Member] = [
            .init("model", .string(settings.name)), .init("stream", true), .init("store", false),
        ]
        if !conversation.instructions.isEmpty {
            members.append(.init("instructions", .string(conversation.instructions)))
        }
        members.append(.init("input", .array(conversation.messages.flatMap(items))))
        if !conversation.tools.isEmpty { members.append(.init("tools", .array(conversation.tools.map(tool)))) }
        if let limit = settings.maxTokens { members.append(.init("max_output_tokens", .integer(limit))) }
        if let temperature = settings.temperature { members.append(.init("temperature", .number(temperature))) }
        if let effort = parameters.reasoningEffort { members.append(.init("reasoning", ["effort": .string(effort)])) }
        return settings.adding(to: .object(members))
    }

    private static func items(_ message: Message) -> [JSONValue] {
        if message.role == .tool {
            let id = message.toolCallID ?? ""
            return [["type": "function_call_output", "call_id": .string(id), "output": .string(message.text)]]
        }
        let words: [JSONValue] =
            message.text.isEmpty
            ? [] : [["role": .string(message.role.rawValue), "content": .string(message.text)]]
        let calls = message.toolCalls.map { call -> JSONValue in
            [
                "type": "function_call", "call_id": .string(call.id), "name": .string(call.name),
                "arguments": .string(call.arguments),
            ]
        }
        return words + calls
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        [
            "type": "function", "name": .string(tool.name), "description": .string(tool.description),
            "parameters": tool.arguments, "strict": false,
        ]
    }
}
