// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Number of a frame within its session, given when the frame is emitted; 0 before that.
public struct FrameID: Hashable, Sendable, Comparable {
    let value: UInt32

    /// No frame.
    public static let none = FrameID(value: 0)

    public static func < (left: FrameID, right: FrameID) -> Bool { left.value < right.value }
}

/// The count of interruptions that a session had seen when a frame's turn began.
public struct TurnEpoch: Hashable, Sendable, Comparable {
    /// The count.
    public let value: UInt32

    /// Creates an epoch; sessions begin at 0.
    public init(_ value: UInt32 = 0) { self.value = value }

    public static func < (left: TurnEpoch, right: TurnEpoch) -> Bool { left.value < right.value }

    var next: TurnEpoch { TurnEpoch(value &+ 1) }
}

/// What the runtime knows of a frame without looking at its payload: 24 bytes.
public struct FrameHeader: Sendable, Hashable {
    struct Flags: OptionSet, Sendable, Hashable {
        let rawValue: UInt32
        static let urgent = Flags(rawValue: 1)
        static let reply = Flags(rawValue: 2)
        static let uninterruptible = Flags(rawValue: 4)
        static let droppable = Flags(rawValue: 8)
        static let endOfInput = Flags(rawValue: 16)
    }

    /// Position of the payload on the session's clock.
    public var mediaTime: MediaTime
    /// The frame's own number.
    public internal(set) var id = FrameID.none
    /// The frame that caused this one.
    public internal(set) var cause = FrameID.none
    /// The epoch of the turn that the frame answers; of meaning for reply frames.
    public internal(set) var epoch = TurnEpoch()
    var flags: Flags

    /// The header of no frame.
    static let none = FrameHeader(mediaTime: .zero, flags: [])

    /// Whether the frame overtakes ordered frames.
    public var isUrgent: Bool { flags.contains(.urgent) }
    /// Whether the frame belongs to a reply, so that an interruption makes it stale.
    public var isReply: Bool { flags.contains(.reply) }
    /// Whether the frame survives interruptions although it belongs to a reply.
    public var isUninterruptible: Bool { flags.contains(.uninterruptible) }

    /// Whether the frame belongs to a reply that an interruption has ended.
    @inline(__always)
    func isStale(in current: TurnEpoch) -> Bool {
        epoch < current && flags.intersection([.reply, .uninterruptible]) == .reply
    }
}
