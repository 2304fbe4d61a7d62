// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Number of the caller's turn within the session, from 1; 0 is the time before the first, when the agent may greet.
public struct TurnID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number.
    public let value: Int

    /// Creates a turn number.
    public init(_ value: Int) { self.value = value }

    public static func < (left: TurnID, right: TurnID) -> Bool { left.value < right.value }

    public var description: String { String(value) }
}

/// The caller began a turn.
public struct TurnStarted: FramePayload, Equatable {
    public static let frameType = "turn_started"
    public static let lane = Lane.urgent

    /// The turn that began.
    public var turn: TurnID

    /// Creates the event.
    public init(turn: TurnID) { self.turn = turn }
}

/// The caller's turn is over; follows the turn's transcripts.
///
/// Every started turn ends exactly once. It is answered once, or not at all when `text` is empty and the reason says so.
public struct TurnEnded: FramePayload, Equatable {
    public static let frameType = "turn_ended"

    /// Why the turn was taken to be over.
    public enum Reason: String, Sendable {
        /// The caller finished and the words are here.
        case completed
        /// Something was heard, but no words came within the time allowed.
        case noWords = "no_words"
        /// The caller said nothing for so long that the agent should ask.
        case silence
        /// The turn reached its longest duration.
        case tooLong = "too_long"
        /// The session is ending.
        case sessionEnded = "session_ended"
    }

    /// The turn that ended.
    public var turn: TurnID
    /// What the caller said, all final transcripts joined.
    public var text: String
    /// Why.
    public var reason: Reason
    /// Whether the turn broke into the agent's reply.
    public var isInterruption: Bool
    /// An earlier turn whose words `text` begins with: its reply was withdrawn before anything of it was heard.
    public var supersedes: TurnID?

    /// Creates the event.
    public init(
        turn: TurnID, text: String, reason: Reason = .completed, isInterruption: Bool = false, supersedes: TurnID? = nil
    ) {
        self.turn = turn
        self.text = text
        self.reason = reason
        self.isInterruption = isInterruption
        self.supersedes = supersedes
    }
}

/// Asks the transport to hold or to continue what it is playing while it is not yet known whether the caller
/// really interrupts.
public enum PlaybackControl: FramePayload, Equatable {
    public static let frameType = "playback_control"
    public static let lane = Lane.urgent

    /// Stop the sound, keep what was not heard.
    case pause
    /// Go on from where the caller stopped hearing.
    case resume
}
