// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Decides whether audio still goes to a peer that does not take it in time, so that a stuck peer costs no memory.
///
/// Closes above ``limit`` of audio that waits and opens again below half of it. After ``patience`` the peer is given up.
struct SendGate {
    /// What to do with audio.
    enum Decision: Equatable {
        case send
        /// It would be heard too late.
        case drop
        /// The peer has not taken anything for too long.
        case giveUp
    }

    /// Audio that may wait.
    static let limit = Duration.seconds(1)
    /// How long the gate may be closed.
    static let patience = Duration.seconds(5)

    private var closedSince: MediaTime?

    /// Decides about audio at `now`, while `waiting` waits.
    mutating func decide(waiting: Duration, now: MediaTime) -> Decision {
        if waiting > Self.limit {
            closedSince = closedSince ?? now
        } else if waiting < Self.limit / 2 {
            closedSince = nil
        }
        guard let closedSince else { return .send }
        return now - closedSince >= Self.patience ? .giveUp : .drop
    }
}
