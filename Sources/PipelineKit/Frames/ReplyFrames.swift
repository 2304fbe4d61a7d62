// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// One message of a conversation, in the form that model services take.
public struct Message: Sendable, Equatable {
    /// Who speaks.
    public enum Role: String, Sendable { case system, user, assistant, tool }

    /// Who speaks.
    public var role: Role
    /// What is said; of a tool, what came of its call.
    public var text: String
    /// Calls that the assistant made with these words; each is answered by a tool's message before anybody else speaks.
    public var toolCalls: [ToolCall]
    /// The call that a tool's message answers.
    public var toolCallID: String?

    /// Creates a message.
    public init(_ role: Role, _ text: String, toolCalls: [ToolCall] = [], toolCallID: String? = nil) {
        self.role = role
        self.text = text
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }
}

/// Asks the language stage for a reply: the conversation so far, its last message the one to answer.
public struct ModelRequest: FramePayload, Equatable {
    public static let frameType = "model_request"
    public static let isReply = true

    /// The turn to answer.
    public var turn: TurnID
    /// The conversation, oldest first.
    ///
    /// Assistant messages hold what was heard.
    public var messages: [Message]
    /// Why the turn ended, for stages that answer silence differently from words.
    public var reason: TurnEnded.Reason
    /// Functions that the model may call; none for a turn that has had enough rounds of them, although the messages may
    /// hold earlier calls.
    public var tools: [ToolDefinition]

    /// Creates a request.
    public init(
        turn: TurnID, messages: [Message], reason: TurnEnded.Reason = .completed, tools: [ToolDefinition] = []
    ) {
        self.turn = turn
        self.messages = messages
        self.reason = reason
        self.tools = tools
    }
}

/// A reply begins.
public struct ResponseStarted: FramePayload, Equatable {
    public static let frameType = "response_started"
    public static let isReply = true

    /// The turn that is answered.
    public var turn: TurnID

    /// Creates the event.
    public init(turn: TurnID) { self.turn = turn }
}

/// A response of the model is complete; follows the last of its frames.
///
/// The reply to a turn may take several: one that calls tools is followed by another that knows their results, and only
/// the last ends the reply.
public struct ResponseEnded: FramePayload, Equatable {
    public static let frameType = "response_ended"
    public static let isReply = true

    /// The turn that was answered.
    public var turn: TurnID
    /// Whether the session ends once the reply has been heard.
    public var endsSession: Bool
    /// Whether the reply goes on once the tools that the model called have ended.
    ///
    /// Set by whoever runs them, not by the model's adapter.
    public var awaitsTools: Bool

    /// Creates the event.
    public init(turn: TurnID, endsSession: Bool = false, awaitsTools: Bool = false) {
        self.turn = turn
        self.endsSession = endsSession
        self.awaitsTools = awaitsTools
    }
}

/// A piece of a reply's text as the model yields it; pieces join without a separator.
public struct ModelText: FramePayload, Equatable {
    public static let frameType = "model_text"
    public static let isReply = true

    /// The piece.
    public var text: String

    /// Creates a piece.
    public init(_ text: String) { self.text = text }
}

/// A stretch of a reply that can be spoken as one: usually a sentence.
public struct Sentence: FramePayload, Equatable {
    public static let frameType = "sentence"
    public static let isReply = true

    /// The words to speak, with punctuation.
    public var text: String

    /// Creates a sentence.
    public init(_ text: String) { self.text = text }
}

/// Precedes the audio of a sentence: its words, and when each is heard, from the start of that audio.
public struct SpokenWords: FramePayload, Equatable {
    public static let frameType = "spoken_words"
    public static let isReply = true

    /// The sentence as written.
    public var text: String
    /// The words in order; their texts joined by spaces are `text` but for white space.
    public var words: [TimedWord]

    /// Creates the timing of a sentence.
    public init(_ text: String, words: [TimedWord]) {
        self.text = text
        self.words = words
    }
}

/// What the far end hears, reported by the transport's sink from what was really played.
public enum Playback: FramePayload, Equatable {
    public static let frameType = "playback"
    public static let lane = Lane.urgent

    /// The first sample of a reply is heard at `time`.
    case started(turn: TurnID, time: MediaTime)
    /// A sentence that was announced by ``SpokenWords`` has been heard whole, or up to `heard`.
    case spoken(SpokenWords, heard: Duration, isComplete: Bool)
    /// Nothing more of the reply will be heard: it was played, or an interruption cut it.
    case stopped(turn: TurnID, time: MediaTime, isInterrupted: Bool)
    /// The sound is held until it is known whether the caller interrupts.
    case paused(time: MediaTime)
    /// The sound goes on.
    case resumed(time: MediaTime)
}

/// Something went wrong and the session goes on; travels upstream and to observers.
public struct ErrorReport: FramePayload {
    public static let frameType = "error"
    public static let lane = Lane.urgent

    /// What happened, where, and why.
    public var error: PipelineError

    /// Creates a report.
    public init(_ error: PipelineError) { self.error = error }
}
