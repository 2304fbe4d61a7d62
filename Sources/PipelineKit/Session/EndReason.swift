// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Why a session ends.
public enum EndReason: Sendable {
    /// The source has no more input.
    case inputEnded
    /// The agent said goodbye and was heard.
    case agentEnded
    /// The far end hung up: nothing more can be heard.
    case hungUp
    /// Nobody said anything for the `idle` limit.
    case idle
    /// The session reached its longest duration.
    case tooLong
    /// The process is shutting down.
    case shutdown
    /// Somebody cancelled the session: nothing is finished.
    case cancelled
    /// A processor failed and its policy was to end.
    case failed(PipelineError)

    /// The name in records and logs.
    public var name: String {
        switch self {
        case .inputEnded: "input_ended"
        case .agentEnded: "agent_ended"
        case .hungUp: "hung_up"
        case .idle: "idle"
        case .tooLong: "too_long"
        case .shutdown: "shutdown"
        case .cancelled: "cancelled"
        case .failed: "failed"
        }
    }

    /// Whether what is under way is finished, within the `drain` limit, before the session is torn down.
    var drains: Bool {
        switch self {
        case .cancelled, .failed: false
        default: true
        }
    }
}
