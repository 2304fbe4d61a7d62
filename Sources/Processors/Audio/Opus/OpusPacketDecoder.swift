// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import COpus
import COpusSystem

/// Decodes one stream of Opus packets, and fills in for lost ones.
///
///     packets    1  2  -  4         packet 3 was lost
///     calls      decode  decode  recover(4) or conceal  decode
///
/// Packets come from outside: whatever their bytes are, a call answers samples or throws. Confined to one
/// thread at a time; nothing is allocated after `init`. Packets of any rate and number of channels decode
/// to the decoder's own format.
///
/// - SeeAlso: RFC 6716.
package final class OpusPacketDecoder {
    /// The format of the output.
    package let format: OpusFormat
    private let library: OpaquePointer

    /// A stream that has played nothing.
    ///
    /// - Throws: `OpusError.library` when libopus cannot make its state.
    package init(_ format: OpusFormat) throws(OpusError) {
        var code: Int32 = 0
        guard let library = opus_decoder_create(Int32(format.rate), Int32(format.channels), &code) else {
            throw OpusError(code: code)
        }
        self.format = format
        self.library = library
    }

    deinit {
        opus_decoder_destroy(library)
    }

    /// Decodes a packet to interleaved samples and answers their number per channel.
    ///
    /// Room for `format.maximumSampleCount` samples per channel is always enough.
    ///
    /// - Throws: `OpusError.invalidPacket` for bytes that are no Opus packet, `OpusError.bufferTooSmall` when
    ///   the samples do not fit; the stream goes on with the next packet.
    package func decode(
        _ packet: UnsafeBufferPointer<UInt8>, into samples: UnsafeMutableBufferPointer<Int16>
    ) throws(OpusError) -> Int {
        guard !packet.isEmpty else { throw .invalidPacket }
        return try run(packet, isRecovery: false, sampleCount: samples.count / format.channels, into: samples)
    }

    /// Makes up `sampleCount` samples per channel for a lost packet, from what was played before.
    ///
    /// - Throws: `OpusError.invalidFrameLength` when `sampleCount` is no multiple of 2.5 ms up to 120 ms,
    ///   `OpusError.bufferTooSmall` when the samples do not fit.
    package func conceal(
        _ sampleCount: Int, into samples: UnsafeMutableBufferPointer<Int16>
    ) throws(OpusError) -> Int {
        try checkGap(sampleCount, samples)
        return try run(nil, isRecovery: false, sampleCount: sampleCount, into: samples)
    }

    /// Restores the last `sampleCount` samples per channel before `next` from the copy that `next` carries.
    ///
    /// Conceals when it carries none. Decode `next` itself afterwards.
    ///
    /// - Throws: as `conceal` and `decode` do.
    package func recover(
        _ sampleCount: Int, from next: UnsafeBufferPointer<UInt8>, into samples: UnsafeMutableBufferPointer<Int16>
    ) throws(OpusError) -> Int {
        guard !next.isEmpty else { throw .invalidPacket }
        try checkGap(sampleCount, samples)
        return try run(next, isRecovery: true, sampleCount: sampleCount, into: samples)
    }

    /// Forgets what was played; the next packet is the first of a new stream.
    package func reset() throws(OpusError) {
        try OpusError.check(copus_reset_decoder(library))
    }

    private func checkGap(
        _ sampleCount: Int, _ samples: UnsafeMutableBufferPointer<Int16>
    ) throws(OpusError) {
        guard sampleCount > 0, sampleCount <= format.maximumSampleCount, sampleCount * 400 % format.rate == 0 else {
            throw .invalidFrameLength(sampleCount: sampleCount)
        }
        guard samples.count >= sampleCount * format.channels else { throw .bufferTooSmall }
    }

    private func run(
        _ packet: UnsafeBufferPointer<UInt8>?, isRecovery: Bool, sampleCount: Int,
        into samples: UnsafeMutableBufferPointer<Int16>
    ) throws(OpusError) -> Int {
        guard let size = Int32(exactly: packet?.count ?? 0) else { throw .invalidPacket }
        let limit = Int32(min(sampleCount, format.maximumSampleCount))
        guard limit > 0, let target = samples.baseAddress else { throw .bufferTooSmall }
        let count = opus_decode(library, packet?.baseAddress, size, target, limit, isRecovery ? 1 : 0)
        try OpusError.check(count)
        return Int(count)
    }
}

extension OpusPacketDecoder {
    /// Decodes a packet to an array; for tests and tools.
    package func decode(_ packet: [UInt8]) throws(OpusError) -> [Int16] {
        try collect { (output) throws(OpusError) in
            try packet.withUnsafeBufferPointer { bytes in
                Result { () throws(OpusError) in try decode(bytes, into: output) }
            }.get()
        }
    }

    /// Conceals a lost packet to an array.
    package func conceal(_ sampleCount: Int) throws(OpusError) -> [Int16] {
        try collect { (output) throws(OpusError) in try conceal(sampleCount, into: output) }
    }

    /// Recovers a lost packet to an array.
    package func recover(_ sampleCount: Int, from next: [UInt8]) throws(OpusError) -> [Int16] {
        try collect { (output) throws(OpusError) in
            try next.withUnsafeBufferPointer { bytes in
                Result { () throws(OpusError) in try recover(sampleCount, from: bytes, into: output) }
            }.get()
        }
    }

    private func collect(
        _ body: (UnsafeMutableBufferPointer<Int16>) throws(OpusError) -> Int
    ) throws(OpusError) -> [Int16] {
        var samples = [Int16](repeating: 0, count: format.maximumSampleCount * format.channels)
        let outcome = samples.withUnsafeMutableBufferPointer { output in
            Result { () throws(OpusError) in try body(output) }
        }
        return Array(samples.prefix(try outcome.get() * format.channels))
    }
}

@available(*, unavailable)
extension OpusPacketDecoder: Sendable {}
