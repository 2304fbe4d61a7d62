// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Checks text that comes in pieces, and refuses the first byte that no UTF-8 text could have there.
///
/// - SeeAlso: RFC 3629, section 4.
struct UTF8Check {
    /// Bytes that the character in progress still needs.
    private var missing = 0
    /// What its next byte may be; narrower than 80...BF after the lead bytes E0, ED, F0 and F4, so that overlong forms,
    /// surrogates and what lies beyond U+10FFFF are refused at once.
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether the text may end here.
    var isComplete: Bool { missing == 0 }

    /// Takes a piece; `false` when the text cannot be UTF-8 whatever follows.
    mutating func take(_ piece: ByteBuffer) -> Bool {
        piece.withUnsafeReadableBytes { bytes in
            var index = 0
            while index < bytes.count {
                if missing == 0 {
                    index = Self.skipASCII(bytes, from: index)
                    guard index < bytes.count else { return true }
                }
                guard take(bytes[index]) else { return false }
                index += 1
            }
            return true
        }
    }

    private static func skipASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= bytes.count,
            bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        { index += 8 }
        while index < bytes.count, bytes[index] < 0x80 { index += 1 }
        return index
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard missing == 0 else {
            guard allowed.contains(byte) else { return false }
            missing -= 1
            allowed = 0x80...0xBF
            return true
        }
        allowed = 0x80...0xBF
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF:
            missing = 2
            if byte == 0xE0 { allowed = 0xA0...0xBF }
            if byte == 0xED { allowed = 0x80...0x9F }
        case 0xF0...0xF4:
            missing = 3
            if byte == 0xF0 { allowed = 0x90...0xBF }
            if byte == 0xF4 { allowed = 0x80...0x8F }
        default: return false
        }
        return true
    }
}
