// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Something that happened in a call, as the carrier saw it.
public struct CarrierEvent: Sendable, Hashable {
    /// What happened.
    public enum Kind: Sendable, Hashable {
        /// The call's status changed.
        case status(CallStatus)
        /// An address of the agent was requested; `status` is `nil` when no answer came.
        case request(url: String, fields: [FormField], status: Int?)
        /// Something that the carrier's console would list.
        case warning(CarrierWarning)
        /// A verb of TwiML was begun.
        case verb(String)
        /// The carrier spoke for the agent.
        case agentSaid(String, isInterrupted: Bool)
        /// The caller said something.
        case callerSaid(String)
        /// The caller pressed keys.
        case callerPressed(String)
        /// The agent had keys sent to the other side.
        case agentPressed(String)
        /// Somebody who was dialled was told something before the two were joined.
        case whispered(String)
        /// Somebody else was dialled.
        case dialled(String, status: String)
    }

    /// Time since the call was answered, or placed.
    public var time: Duration
    /// What happened.
    public var kind: Kind
}

/// Where a call stands.
public enum CallStatus: String, Sendable, Hashable {
    case queued, initiated, ringing
    case inProgress = "in-progress"
    case completed, busy, failed
    case noAnswer = "no-answer"
    case canceled

    /// Whether nothing follows.
    public var isFinal: Bool {
        switch self {
        case .queued, .initiated, .ringing, .inProgress: false
        case .completed, .busy, .failed, .noAnswer, .canceled: true
        }
    }
}
