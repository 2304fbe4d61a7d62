// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// One thing that is written of a call.
public struct CallEntry: Sendable, Equatable {
    /// The call.
    public var call: CallHeader
    /// Counts the entries of the call; where a number is missing an entry was lost.
    public var sequence: Int
    /// When it happened, on the session's clock.
    public var time: MediaTime
    /// What happened.
    public var item: CallItem

    /// Creates an entry.
    public init(_ call: CallHeader, sequence: Int, at time: MediaTime, _ item: CallItem) {
        self.call = call
        self.sequence = sequence
        self.time = time
        self.item = item
    }
}

/// What can be written of a call.
public enum CallItem: Sendable, Equatable {
    /// The call began.
    case began
    /// One side said something.
    case utterance(Utterance)
    /// A turn was answered; where the time went.
    case turn(TurnRecord)
    /// A tool was called.
    case toolCall(ToolCall)
    /// Anything else.
    case event(CallEvent)
    /// The call is over.
    case ended(CallEnd)
}

/// Something that one side said.
public struct Utterance: Sendable, Hashable {
    /// Who says something in a call.
    public enum Speaker: String, Sendable { case caller, agent }

    /// Who said it.
    public var speaker: Speaker
    /// The turn to which it belongs.
    public var turn: Int
    /// What the other side heard.
    public var heard: String
    /// What would have been said; differs from ``heard`` where the agent was interrupted.
    public var planned: String
    /// Whether it was cut short.
    public var isInterrupted: Bool

    /// Creates an utterance.
    public init(_ speaker: Speaker, turn: Int, heard: String, planned: String? = nil, isInterrupted: Bool = false) {
        self.speaker = speaker
        self.turn = turn
        self.heard = heard
        self.planned = planned ?? heard
        self.isInterrupted = isInterrupted
    }
}

/// A call of a tool, once it is decided how it went.
public struct ToolCall: Sendable, Hashable {
    /// The turn in which it was made.
    public var turn: Int
    /// The tool.
    public var name: String
    /// What it was given, as JSON.
    public var arguments: String
    /// What it answered, as JSON or as the text of an error; `nil` when it did not.
    public var result: String?
    /// How it went: `done`, `failed`, `cancelled`, `timed_out`.
    public var outcome: String
    /// How long it took.
    public var duration: Duration

    /// Creates a tool call.
    public init(
        turn: Int, name: String, arguments: String, result: String?, outcome: String, duration: Duration
    ) {
        self.turn = turn
        self.name = name
        self.arguments = arguments
        self.result = result
        self.outcome = outcome
        self.duration = duration
    }
}

/// Something that happened in a call and is neither speech nor an answer.
public struct CallEvent: Sendable, Hashable {
    /// What kind of thing: `turn_started`, `interruption`, `caller_speaking`, `agent_speaking`, `metric`, `error`,
    /// `dropped`, `abandoned`.
    public var kind: String
    /// The turn, where there is one.
    public var turn: Int?
    /// The processor or the figure.
    public var name: String?
    /// The figure's value; 1 or 0 where something began or ended.
    public var value: Double?
    /// What people shall read.
    public var text: String?

    /// Creates an event.
    public init(_ kind: String, turn: Int? = nil, name: String? = nil, value: Double? = nil, text: String? = nil) {
        self.kind = kind
        self.turn = turn
        self.name = name
        self.value = value
        self.text = text
    }
}

/// How a call ended.
public struct CallEnd: Sendable, Hashable {
    /// Why.
    public var reason: String
    /// The failure, when it ended because of one.
    public var error: String?
    /// How long it lasted.
    public var duration: Duration
    /// When.
    public var time: WallTime
    /// Where its sound was recorded or, without sound, its transcript written.
    public var recording: String?
    /// Entries that could not be written.
    public var lostEntries: Int

    /// Creates an end.
    public init(
        reason: String, error: String? = nil, duration: Duration, time: WallTime, recording: String? = nil,
        lostEntries: Int = 0
    ) {
        self.reason = reason
        self.error = error
        self.duration = duration
        self.time = time
        self.recording = recording
        self.lostEntries = lostEntries
    }
}
