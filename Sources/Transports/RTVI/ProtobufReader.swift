// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Reads the fields of a protobuf message from bytes that nobody has checked.
///
/// Never traps and never goes further than the bytes; fields of any number are read, so that unknown ones can be skipped.
struct ProtobufReader {
    /// A field's value, by wire type.
    enum Value: Equatable {
        case varint(UInt64)
        case bytes(ByteBuffer)
        /// A fixed value of 4 or 8 bytes, which no message here has.
        case fixed
    }

    /// The bytes are no message.
    struct Malformed: Error, Equatable {}

    private var bytes: ByteBuffer

    init(_ bytes: ByteBuffer) { self.bytes = bytes }

    /// The next field; `nil` at the end.
    mutating func next() throws(Malformed) -> (field: UInt64, value: Value)? {
        guard bytes.readableBytes > 0 else { return nil }
        let tag = try varint()
        guard tag >> 3 > 0 else { throw Malformed() }
        switch tag & 7 {
        case 0: return (tag >> 3, .varint(try varint()))
        case 1: return (tag >> 3, try skip(8))
        case 2: return (tag >> 3, .bytes(try delimited()))
        case 5: return (tag >> 3, try skip(4))
        default: throw Malformed()
        }
    }

    private mutating func varint() throws(Malformed) -> UInt64 {
        var value = UInt64(0)
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte: UInt8 = bytes.readInteger() else { throw Malformed() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }

    private mutating func delimited() throws(Malformed) -> ByteBuffer {
        let length = try varint()
        guard length <= UInt64(bytes.readableBytes), let slice = bytes.readSlice(length: Int(length)) else {
            throw Malformed()
        }
        return slice
    }

    private mutating func skip(_ count: Int) throws(Malformed) -> Value {
        guard bytes.readSlice(length: count) != nil else { throw Malformed() }
        return .fixed
    }
}

extension ByteBuffer {
    /// Writes a number as protobuf does.
    mutating func writeProtobuf(varint: UInt64) {
        var rest = varint
        while rest >= 0x80 {
            writeInteger(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        writeInteger(UInt8(rest))
    }

    /// Writes a field that is a number; 0 is left out, as it is the default.
    mutating func writeProtobuf(field: UInt64, varint: UInt64) {
        guard varint != 0 else { return }
        writeProtobuf(varint: field << 3)
        writeProtobuf(varint: varint)
    }

    /// Writes a field that is a message, a string or bytes.
    mutating func writeProtobuf(field: UInt64, bytes: ByteBuffer) {
        writeProtobuf(varint: field << 3 | 2)
        writeProtobuf(varint: UInt64(bytes.readableBytes))
        writeImmutableBuffer(bytes)
    }
}
