// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a frame is.
///
/// - SeeAlso: RFC 6455, section 5.2; the other numbers are reserved.
enum FrameOpcode: UInt8 {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames are short, whole, and may come between the fragments of a message.
    var isControl: Bool { rawValue >= 0x8 }
}
