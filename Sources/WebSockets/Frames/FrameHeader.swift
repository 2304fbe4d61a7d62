// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What stands before a frame's payload.
///
///     | FIN RSV1-3 opcode | MASK length | 0, 2 or 8 more bytes of length | 0 or 4 bytes of mask |
///
/// - SeeAlso: RFC 6455, section 5.2.
struct FrameHeader: Equatable {
    /// Longest payload of a control frame.
    static let longestControlPayload = 125
    /// Bytes of the longest header.
    static let longest = 14

    /// What the frame is.
    var opcode: FrameOpcode
    /// Whether it is the last of its message.
    var isFinal = true
    /// Bytes of payload.
    var length: Int
    /// What the payload is masked with, if it is.
    var mask: MaskingKey?

    /// Reads a header, and checks what can be checked without the rest of the frame.
    ///
    /// - Returns: `nil` when more bytes are needed; nothing is consumed then.
    static func read(
        from input: inout ByteBuffer, isMasked: Bool, limit: Int
    ) throws(WebSocketViolation) -> FrameHeader? {
        let start = input.readerIndex
        guard let first: UInt8 = input.getInteger(at: start) else { return nil }
        let (opcode, isFinal) = try kind(first)
        guard let second: UInt8 = input.getInteger(at: start + 1) else { return nil }
        guard (second & 0x80 != 0) == isMasked else {
            throw .rule(isMasked ? "a client's frame is not masked" : "a server's frame is masked")
        }
        var header = FrameHeader(opcode: opcode, isFinal: isFinal, length: 0)
        guard let (length, size) = try header.length(second & 0x7F, input) else { return nil }
        guard length <= UInt64(limit) else { throw .tooBig("a frame of \(length) bytes; \(limit) are taken") }
        header.length = Int(length)
        if isMasked {
            guard let key = input.getInteger(at: start + size, endianness: .little, as: UInt32.self) else { return nil }
            header.mask = MaskingKey(bits: key)
        }
        input.moveReaderIndex(forwardBy: size + (isMasked ? 4 : 0))
        return header
    }

    private static func kind(_ byte: UInt8) throws(WebSocketViolation) -> (FrameOpcode, isFinal: Bool) {
        guard byte & 0x70 == 0 else { throw .rule("a reserved bit is set, and no extension was agreed on") }
        guard let opcode = FrameOpcode(rawValue: byte & 0x0F) else {
            throw .rule("opcode \(byte & 0x0F) is reserved")
        }
        let isFinal = byte & 0x80 != 0
        guard isFinal || !opcode.isControl else { throw .rule("a control frame is fragmented") }
        return (opcode, isFinal)
    }

    /// The payload's length and the bytes of the header so far; `nil` when more bytes are needed.
    private func length(_ short: UInt8, _ input: ByteBuffer) throws(WebSocketViolation) -> (UInt64, size: Int)? {
        if opcode.isControl, short > Self.longestControlPayload { throw .rule("a control frame is longer than 125") }
        let start = input.readerIndex + 2
        switch short {
        case 126:
            guard let length: UInt16 = input.getInteger(at: start) else { return nil }
            guard length > 125 else { throw .rule("a length is not encoded in the fewest bytes") }
            return (UInt64(length), 4)
        case 127:
            guard let length: UInt64 = input.getInteger(at: start) else { return nil }
            guard length > UInt64(UInt16.max) else { throw .rule("a length is not encoded in the fewest bytes") }
            guard length <= UInt64(Int64.max) else { throw .rule("the highest bit of a length is set") }
            return (length, 10)
        default:
            return (UInt64(short), 2)
        }
    }

    /// Writes the header.
    func write(to output: inout ByteBuffer) {
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        output.writeInteger((isFinal ? 0x80 : 0) | opcode.rawValue)
        switch length {
        case ...125: output.writeInteger(maskBit | UInt8(length))
        case ...Int(UInt16.max):
            output.writeInteger(maskBit | 126)
            output.writeInteger(UInt16(length))
        default:
            output.writeInteger(maskBit | 127)
            output.writeInteger(UInt64(length))
        }
        if let mask { output.writeInteger(mask.bits, endianness: .little) }
    }
}
