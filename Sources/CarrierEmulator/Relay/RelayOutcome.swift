// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What is left of a relay of text when it is over.
public struct RelayOutcome: Sendable {
    /// How a relay ends, in the carrier's words.
    public enum Status: String, Sendable, Hashable {
        /// The agent sent `end`.
        case ended
        /// The caller hung up, or the call was ended.
        case completed
        /// The socket was closed, or never opened.
        case failed
    }

    /// The session's name, `VX` and 32 digits.
    public var sessionID: String
    /// How it ended.
    public var status = Status.failed
    /// What the agent gave along with `end`.
    public var handoffData: String?
    /// Time from each prompt to the first token of its answer.
    public var tokenLatency = LatencyHistogram()
    /// Messages with tokens.
    public var tokenCount = 0
    /// Interruptions that the agent was told of: the words spoken until then.
    public var interruptions: [String] = []
    /// Languages that the agent chose.
    public var languages: [String] = []
    /// Recordings that the agent had played.
    public var played: [String] = []
    /// Messages that were refused; the first hundred.
    public var refused: [CarrierWarning] = []
    /// How long it lasted.
    public var duration = Duration.zero
    /// Why it failed.
    public var error: CarrierWarning?
}
