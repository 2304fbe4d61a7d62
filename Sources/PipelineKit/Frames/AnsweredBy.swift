// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Who answered a call that was placed, as far as the network can tell.
public enum AnsweredBy: String, FramePayload, Equatable {
    /// A person.
    case human
    /// A machine that has begun its greeting.
    case machineStart = "machine_start"
    /// A machine whose greeting ended with a beep: a message can be left.
    case machineEndBeep = "machine_end_beep"
    /// A machine whose greeting ended with silence.
    case machineEndSilence = "machine_end_silence"
    /// A machine whose greeting did not end in time.
    case machineEndOther = "machine_end_other"
    /// A fax.
    case fax
    /// The network cannot tell.
    case unknown

    public static let frameType = "answered_by"
    public static let lane = Lane.urgent

    /// Whether nobody listens.
    public var isMachine: Bool { self != .human && self != .unknown }
}
