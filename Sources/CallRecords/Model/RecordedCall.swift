// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Whether a call is over.
public enum CallState: String, Sendable, CaseIterable {
    /// The call goes on.
    case active
    /// The call ended and said why.
    case ended
    /// The process that served the call was gone before the call ended, or its end could not be written.
    case lost
}

/// A call as a list shows it.
public struct RecordedCall: Sendable, Equatable {
    /// What was known when it began.
    public var header: CallHeader
    /// Whether it is over.
    public var state: CallState
    /// How it ended; `nil` while it is active or when it was lost.
    public var end: CallEnd?
    /// Turns that were answered.
    public var turnCount: Int
    /// The longest gap between the caller's last sample and the answer's first.
    public var longestGap: Duration?

    /// Creates a call.
    public init(_ header: CallHeader, state: CallState, end: CallEnd?, turnCount: Int = 0, longestGap: Duration? = nil)
    {
        self.header = header
        self.state = state
        self.end = end
        self.turnCount = turnCount
        self.longestGap = longestGap
    }
}

/// A call with all that was written of it.
public struct CallHistory: Sendable, Equatable {
    /// Something with the time at which it happened, on the session's clock.
    public struct Timed<Value: Sendable & Equatable>: Sendable, Equatable {
        /// When.
        public var time: MediaTime
        /// What.
        public var value: Value

        /// Creates a pair.
        public init(_ time: MediaTime, _ value: Value) {
            self.time = time
            self.value = value
        }
    }

    /// The call itself.
    public var call: RecordedCall
    /// What was said, in the order in which it ended.
    public var utterances: [Timed<Utterance>]
    /// The breakdown of each answered turn.
    public var turns: [Timed<TurnRecord>]
    /// The tools that were called.
    public var toolCalls: [Timed<ToolCall>]
    /// Everything else.
    public var events: [Timed<CallEvent>]

    /// Creates a history.
    public init(
        _ call: RecordedCall, utterances: [Timed<Utterance>] = [], turns: [Timed<TurnRecord>] = [],
        toolCalls: [Timed<ToolCall>] = [], events: [Timed<CallEvent>] = []
    ) {
        self.call = call
        self.utterances = utterances
        self.turns = turns
        self.toolCalls = toolCalls
        self.events = events
    }
}
