// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Every limit of a session's life.
public struct SessionLimits: Sendable, Equatable {
    /// Time that services may take to start.
    public var start = Duration.seconds(10)
    /// Time without speech of either side after which the session ends.
    public var idle = Duration.seconds(60)
    /// Longest duration of a session.
    public var duration = Duration.seconds(3600)
    /// Time to finish what is under way once the session is asked to end.
    public var drain = Duration.seconds(5)
    /// Time that cancelled work may take to return before it is abandoned and named.
    public var cancel = Duration.seconds(2)

    /// Creates the default limits.
    public init() {}
}
