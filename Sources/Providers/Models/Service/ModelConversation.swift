// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// A conversation in the form that all services accept, whatever interruptions have left of it.
///
/// Instructions are apart. Every call of the assistant is answered once, right behind it; results that answer nothing
/// and messages that say nothing are gone. The last message is the caller's, or a result.
package struct ModelConversation: Sendable, Equatable {
    /// What the model is told before everything else; empty for nothing.
    package private(set) var instructions = ""
    /// What was said, oldest first: no instructions.
    package private(set) var messages: [Message] = []
    /// What may be called.
    package let tools: [ToolDefinition]

    /// Puts a request in order.
    package init(_ request: ModelRequest) {
        tools = request.tools
        let system = request.messages.lazy.filter { $0.role == .system }.map(\.text)
        instructions = system.filter { !$0.isEmpty }.joined(separator: "\n\n")
        let results = Self.results(request.messages)
        for message in request.messages { append(message, results) }
        if let cue = Self.cue(request, after: messages.last) { messages.append(Message(.user, cue)) }
    }

    /// The name of the function that a result belongs to.
    package func function(of result: Message) -> String {
        let calls = messages.lazy.flatMap(\.toolCalls)
        return calls.first { $0.id == result.toolCallID }?.name ?? ""
    }

    private static func results(_ messages: [Message]) -> [String: String] {
        let answered = messages.filter { $0.role == .tool }.map { ($0.toolCallID ?? "", $0.text) }
        return Dictionary(answered) { first, _ in first }
    }

    private mutating func append(_ message: Message, _ results: [String: String]) {
        switch message.role {
        case .system, .tool: return
        case .user: if !message.text.isEmpty { messages.append(message) }
        case .assistant:
            guard !message.text.isEmpty || !message.toolCalls.isEmpty else { return }
            messages.append(message)
            for call in message.toolCalls {
                let text = results[call.id] ?? "This call was cancelled before it had a result."
                messages.append(Message(.tool, text, toolCallID: call.id))
            }
        }
    }

    /// Stands where the caller has said nothing: services answer a caller, not silence.
    private static func cue(_ request: ModelRequest, after last: Message?) -> String? {
        if last?.role == .tool { return nil }
        switch request.reason {
        case .completed, .tooLong, .sessionEnded:
            guard last?.role != .user else { return nil }
            return request.turn == TurnID(0) ? "(The call begins. Greet the caller.)" : "(Go on.)"
        case .noWords: return "(The caller said something that could not be understood.)"
        case .silence: return "(The caller has said nothing for a while.)"
        }
    }
}
