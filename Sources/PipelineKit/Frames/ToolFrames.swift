// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A function that the model may call, as it is described to the model.
public struct ToolDefinition: Sendable, Equatable {
    /// The name by which the model calls it: letters, digits, `_` and `-`, at most 64.
    public var name: String
    /// What it does and when to call it, for the model.
    public var description: String
    /// JSON Schema of the arguments; an object.
    public var arguments: JSONValue

    /// Creates a definition.
    public init(name: String, description: String, arguments: JSONValue) {
        self.name = name
        self.description = description
        self.arguments = arguments
    }
}

/// The model wants a function called; belongs to the turn that it answers.
public struct ToolCall: FramePayload, Equatable {
    public static let frameType = "tool_call"
    public static let isReply = true

    /// The call's name in the conversation; given by the model, or made by its adapter.
    public var id: String
    /// Which function.
    public var name: String
    /// The arguments as the model wrote them: the text of a JSON object, checked by whoever runs the call.
    public var arguments: String

    /// Creates a call.
    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// What came of a call; travels upstream, to the conversation.
public struct ToolResult: FramePayload, Equatable {
    public static let frameType = "tool_result"

    /// How a call ended; each ends exactly once.
    public enum Outcome: String, Sendable {
        /// It did what it was asked for.
        case done
        /// It failed, and may have done something.
        case failed
        /// It was not begun, or was stopped: by an interruption or its deadline.
        case cancelled
    }

    /// The call that it answers.
    public var call: ToolCall
    /// The turn to which the call belongs.
    public var turn: TurnID
    /// How it ended.
    public var outcome: Outcome
    /// What the model is told: text, usually JSON.
    public var content: String
    /// Whether the reply was over with the words before the call, so that the model is not asked to go on.
    public var endsReply: Bool

    /// Creates a result.
    public init(_ call: ToolCall, turn: TurnID, _ outcome: Outcome, content: String, endsReply: Bool = false) {
        self.call = call
        self.turn = turn
        self.outcome = outcome
        self.content = content
        self.endsReply = endsReply
    }
}
