// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The bounded queue in front of a processor.
public struct QueueSettings: Sendable, Equatable {
    /// What happens to a frame that finds the queue full.
    ///
    /// Control frames are never dropped by a policy.
    public enum Policy: String, Sendable, CaseIterable {
        /// The segment before the queue stops until there is room, and then the one before that, as far as the source.
        case block
        /// The oldest media frame leaves; speech may lose its beginning.
        case dropOldest = "drop_oldest"
        /// The new frame is refused; speech may lose its end.
        case dropNewest = "drop_newest"
        /// Only the newest media frame stays; for pictures of a state, not for streams.
        case keepLatest = "keep_latest"
    }

    /// Frames that the queue holds before it counts as full.
    public var capacity: Int
    /// What happens then.
    public var whenFull: Policy

    /// Creates settings.
    ///
    /// - Precondition: `capacity` is at least 1.
    public init(capacity: Int = 64, whenFull: Policy = .block) {
        precondition(capacity >= 1, "a queue holds at least one frame")
        self.capacity = capacity
        self.whenFull = whenFull
    }

    /// Frames that the queue can hold at the very most.
    ///
    /// A processor in front of a full `block` queue may still finish the frame that it is working on, and control frames
    /// are kept. What exceeds this is refused as a flood.
    public var limit: Int { 2 * capacity + 64 }
}
