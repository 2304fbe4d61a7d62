// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What happens when a processor fails.
public enum ErrorPolicy: Sendable, Equatable {
    /// The frame is lost, the error is reported, the processor goes on.
    case `continue`
    /// The processor is replaced by a fresh one; after `attempts` failures within `period` the session ends.
    case restart(attempts: Int, period: Duration)
    /// The next of the processor's alternatives takes its place, the first one again after the last, and is given the frame
    /// in work if nothing was answered to it; when all of them have failed without an answer, the session ends.
    case failover
    /// The session ends.
    case end

    /// Three fresh starts within a minute.
    public static let restart = ErrorPolicy.restart(attempts: 3, period: .seconds(60))
}
