// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a frame carries.
///
/// A plug-in declares a frame type of its own by conforming a struct to this protocol.
///
///     struct Mood: FramePayload {
///         static let frameType = "mood"
///         var isAngry: Bool
///     }
///
/// Such a frame travels like a built-in one and is matched as fast: `frame[Mood.self]`.
public protocol FramePayload: Sendable {
    /// The name of the type in declarations, metrics and logs; snake_case and unique in a process.
    static var frameType: String { get }

    /// How the frame travels; `.ordered` unless the type says otherwise.
    static var lane: Lane { get }

    /// Whether every frame of the type belongs to a reply, so that an interruption makes it stale.
    ///
    /// A type that says `false` still makes reply frames when they are caused by one: synthesised audio is audio.
    static var isReply: Bool { get }

    /// Whether a full queue may drop the frame. Media may be dropped, control may not.
    static var isDroppable: Bool { get }
}

extension FramePayload {
    public static var lane: Lane { .ordered }
    public static var isReply: Bool { false }
    public static var isDroppable: Bool { false }
}

/// The order in which a frame travels.
public enum Lane: Sendable {
    /// First in, first out, through every queue.
    case ordered
    /// Overtakes every ordered frame: passes the whole graph in one synchronous step.
    case urgent
}
