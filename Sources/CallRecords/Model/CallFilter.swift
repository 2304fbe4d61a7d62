// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Which calls are meant.
public struct CallFilter: Sendable, Equatable {
    /// Only calls from or to this number.
    public var number: String?
    /// Only calls in this state.
    public var state: CallState?
    /// Only calls that ended for this reason.
    public var reason: String?
    /// Only calls that began at or after this moment.
    public var since: WallTime?
    /// Only calls that began before this moment.
    public var until: WallTime?
    /// Only calls of this pipeline.
    public var pipeline: String?
    /// At most so many calls.
    public var limit: Int
    /// So many of the newest are left out first.
    public var offset = 0

    /// Creates a filter that lets the newest calls pass.
    public init(
        number: String? = nil, state: CallState? = nil, reason: String? = nil, since: WallTime? = nil,
        until: WallTime? = nil, pipeline: String? = nil, limit: Int = 100
    ) {
        self.number = number.map(PhoneNumber.normalized)
        self.state = state
        self.reason = reason
        self.since = since
        self.until = until
        self.pipeline = pipeline
        self.limit = limit
    }
}

/// Which calls are to be erased.
///
/// Calls that go on are never erased.
public enum Erasure: Sendable, Equatable {
    /// Calls from or to a number.
    case number(String)
    /// Calls that ended, or were lost, before a moment.
    case endedBefore(WallTime)
}
