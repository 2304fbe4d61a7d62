// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Cuts a stream of samples into frames of one length and encodes each to an Opus packet.
///
/// Holds less than one frame. Allocates only the packets' audio. Of a discontinuous stream the packets of silence that
/// need not be sent are left out.
final class OpusPacketizer {
    /// How packets are made.
    struct Settings {
        /// The encoder's settings.
        var encoder = OpusPacketEncoder.Settings()
        /// What a packet lasts: 2.5, 5, 10, 20, 40 or 60 ms.
        var duration = Duration.milliseconds(20)
    }

    private let format: AudioFormat
    private let encoder: OpusPacketEncoder
    private let packetSampleCount: Int
    private var held = SampleBuffer()
    private var heldCount = 0
    private var made = 0
    private let isDiscontinuous: Bool
    private var packet = [UInt8](repeating: 0, count: OpusPacketEncoder.maximumPacketSize)

    /// A stream that has seen no sample.
    ///
    /// - Throws: ``OpusError`` for a rate that Opus does not have or a setting outside its range.
    init(_ format: AudioFormat, _ settings: Settings) throws(OpusError) {
        self.format = format
        encoder = try OpusPacketEncoder(OpusFormat(rate: format.rateHz, channels: format.channels), settings.encoder)
        isDiscontinuous = settings.encoder.isDiscontinuous
        packetSampleCount = settings.duration.sampleCount(rate: format.rateHz)
        guard [1, 2, 4, 8, 16, 24].contains(where: { $0 * format.rateHz == packetSampleCount * 400 }) else {
            throw .invalidFrameLength(sampleCount: packetSampleCount)
        }
    }

    /// Takes interleaved samples; calls `emit` with each packet that they complete and the number of samples per
    /// channel that came before it in the stream.
    ///
    /// - Throws: ``OpusError/library(_:)``.
    func encode(_ samples: UnsafeBufferPointer<Int16>, _ emit: (Audio, Int) -> Void) throws(OpusError) {
        let length = packetSampleCount * format.channels
        var rest = samples[...]
        while !rest.isEmpty {
            let frame = held.room(for: length)
            let taken = min(length - heldCount, rest.count)
            _ = frame[heldCount...].update(fromContentsOf: rest.prefix(taken))
            heldCount += taken
            rest = rest.dropFirst(taken)
            guard heldCount == length else { return }
            heldCount = 0
            try give(UnsafeBufferPointer(frame), emit)
        }
    }

    /// Gives what is held as a packet that ends in silence, and begins a new stream.
    ///
    /// - Throws: ``OpusError/library(_:)``.
    func flush(_ emit: (Audio, Int) -> Void) throws(OpusError) {
        defer { reset() }
        guard heldCount > 0 else { return }
        let frame = held.room(for: packetSampleCount * format.channels)
        frame[heldCount...].update(repeating: 0)
        try give(UnsafeBufferPointer(frame), emit)
    }

    /// Forgets what is held; the next sample is the first of a new stream.
    func reset() {
        heldCount = 0
        made = 0
        // Resetting an encoder that exists cannot fail: libopus only clears memory.
        try? encoder.reset()
    }

    private func give(_ frame: UnsafeBufferPointer<Int16>, _ emit: (Audio, Int) -> Void) throws(OpusError) {
        let outcome = packet.withUnsafeMutableBufferPointer { packet in
            Result { () throws(OpusError) in try encoder.encode(frame, into: packet) }
        }
        let size = try outcome.get()
        defer { made += packetSampleCount }
        // libopus: a packet of 2 bytes or less need not be transmitted.
        if isDiscontinuous, size <= 2 { return }
        let audio = Audio(format: format, sampleCount: packetSampleCount, byteCount: size) { target in
            target.copyBytes(from: packet[..<size])
        }
        emit(audio, made)
    }
}

@available(*, unavailable)
extension OpusPacketizer: Sendable {}
