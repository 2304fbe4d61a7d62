// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Turns the audio of one stream into linear samples, whatever its encoding.
///
/// Lost Opus packets are restored from the copy in their successor, or made up from what was played before them.
/// Nothing is allocated once the longest frame has been seen.
final class AudioDecoding {
    private enum Engine {
        case linear
        case g711(G711Law)
        case opus(OpusPacketDecoder)
    }

    private let engine: Engine
    private var samples = SampleBuffer()

    /// The format of the samples that come out; the encoding is that of the input.
    let format: AudioFormat

    /// A stream that has seen no audio.
    ///
    /// - Parameter wish: The format to be reached in the end: Opus packets of any rate decode to it where Opus has it.
    /// - Throws: ``OpusError`` for a rate that Opus does not have.
    init(_ source: AudioFormat, towards wish: AudioFormat) throws(OpusError) {
        switch source.encoding {
        case .linear16: engine = .linear
        case .mulaw: engine = .g711(.ulaw)
        case .alaw: engine = .g711(.alaw)
        case .opus:
            let rate = OpusFormat.rates.contains(wish.rateHz) ? wish.rateHz : source.rateHz
            engine = .opus(try OpusPacketDecoder(OpusFormat(rate: rate, channels: wish.channels)))
            format = AudioFormat(rateHz: rate, channels: wish.channels, encoding: .opus)
            return
        }
        format = source
    }

    /// Calls `body` with the interleaved samples of `audio`.
    ///
    /// - Throws: ``OpusError`` for bytes that are no Opus packet; what `body` throws.
    func decode(_ audio: Audio, _ body: (UnsafeBufferPointer<Int16>) throws -> Void) throws {
        switch engine {
        case .linear:
            try audio.withSamples(body)
        case .g711(let law):
            let target = samples.room(for: audio.byteCount)
            audio.withBytes { law.decode($0.bindMemory(to: UInt8.self), into: target) }
            try body(UnsafeBufferPointer(target))
        case .opus(let decoder):
            try run(decoder, body) { target in
                try audio.withBytes { try decoder.decode($0.bindMemory(to: UInt8.self), into: target) }
            }
        }
    }

    /// Calls `body` with samples in the place of lost packets.
    ///
    /// - Parameters:
    ///   - sampleCount: Samples per channel that are missing; only whole steps of 2.5 ms are filled in.
    ///   - next: The packet after the loss.
    func conceal(
        _ sampleCount: Int, before next: Audio, _ body: (UnsafeBufferPointer<Int16>) throws -> Void
    ) throws {
        guard case .opus(let decoder) = engine else { return }
        let step = decoder.format.rate / 400
        let whole = sampleCount / step * step
        // A packet carries a copy of the one before it, which was most likely as long as itself.
        let likely = max(step, next.duration.sampleCount(rate: decoder.format.rate) / step * step)
        let recovered = min(whole, likely, decoder.format.maximumSampleCount)
        var left = whole - recovered
        while left > 0 {
            let count = min(left, decoder.format.rate / 50)
            try run(decoder, body) { try decoder.conceal(count, into: $0) }
            left -= count
        }
        guard recovered > 0 else { return }
        try run(decoder, body) { target in
            do {
                return try next.withBytes { bytes in
                    try decoder.recover(recovered, from: bytes.bindMemory(to: UInt8.self), into: target)
                }
            } catch OpusError.invalidPacket {
                return try decoder.conceal(recovered, into: target)
            }
        }
    }

    /// Forgets what was played.
    func reset() {
        guard case .opus(let decoder) = engine else { return }
        // Resetting a decoder that exists cannot fail: libopus only clears memory.
        try? decoder.reset()
    }

    private func run(
        _ decoder: OpusPacketDecoder, _ body: (UnsafeBufferPointer<Int16>) throws -> Void,
        _ decode: (UnsafeMutableBufferPointer<Int16>) throws -> Int
    ) throws {
        let channels = decoder.format.channels
        let target = samples.room(for: decoder.format.maximumSampleCount * channels)
        let count = try decode(target)
        try body(UnsafeBufferPointer(rebasing: target[..<(count * channels)]))
    }
}

@available(*, unavailable)
extension AudioDecoding: Sendable {}
