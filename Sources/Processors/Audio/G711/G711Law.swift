// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal

/// A companding law of G.711: one byte per sample, 64 kbit/s at 8 kHz.
///
/// Bit-exact to the reference programs of ITU-T G.191. Nothing is allocated, and no byte is refused.
///
/// - SeeAlso: ITU-T G.711, tables 1a to 2b.
package enum G711Law: String, CaseIterable, Sendable {
    /// The law of North America and Japan (PCMU).
    case ulaw
    /// The law of Europe and of international calls (PCMA).
    case alaw

    /// The code of silence, which fills gaps.
    package var silence: UInt8 {
        switch self {
        case .ulaw: 0xFF
        case .alaw: 0xD5
        }
    }

    /// Expands each byte of `input` to a sample; `output` has room for `input.count` and does not overlap it.
    package func decode(_ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<Int16>) {
        precondition(output.count >= input.count, "the output has no room for the input's samples")
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        switch self {
        case .ulaw: csignal_ulaw_decode(source, input.count, target)
        case .alaw: csignal_alaw_decode(source, input.count, target)
        }
    }

    /// Compresses each sample of `input` to a byte; `output` has room for `input.count` and does not overlap it.
    package func encode(_ input: UnsafeBufferPointer<Int16>, into output: UnsafeMutableBufferPointer<UInt8>) {
        precondition(output.count >= input.count, "the output has no room for the input's codes")
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        switch self {
        case .ulaw: csignal_ulaw_encode(source, input.count, target)
        case .alaw: csignal_alaw_encode(source, input.count, target)
        }
    }
}

extension G711Law {
    /// The samples of `codes`, as an array; for whole clips and tests.
    package func decode(_ codes: [UInt8]) -> [Int16] {
        [Int16](unsafeUninitializedCapacity: codes.count) { output, count in
            codes.withUnsafeBufferPointer { decode($0, into: output) }
            count = codes.count
        }
    }

    /// The codes of `samples`, as an array.
    package func encode(_ samples: [Int16]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count) { output, count in
            samples.withUnsafeBufferPointer { encode($0, into: output) }
            count = samples.count
        }
    }
}
