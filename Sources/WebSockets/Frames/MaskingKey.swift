// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The four bytes that a client's payload is combined with.
///
/// - SeeAlso: RFC 6455, section 5.3.
struct MaskingKey: Equatable {
    /// The key, its first byte on the wire in the lowest eight bits.
    var bits: UInt32

    /// A key that nobody can foresee.
    static func random() -> Self { Self(bits: UInt32.random(in: .min ... .max)) }

    /// The key for the bytes from `offset` of the payload on.
    func advanced(by offset: Int) -> Self {
        let shift = UInt32(offset & 3) * 8
        return shift == 0 ? self : Self(bits: bits >> shift | bits << (32 - shift))
    }

    /// Masks or unmasks: the operation is its own inverse.
    func apply(to bytes: UnsafeMutableRawBufferPointer) {
        let word = UInt64(bits) << 32 | UInt64(bits)
        var index = 0
        while index + 8 <= bytes.count {
            let value = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ word
            bytes.storeBytes(of: value.littleEndian, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: bits >> (UInt32(index & 3) * 8))
            index += 1
        }
    }
}
