// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// Turns one stream of audio of one format into another: decode, remix, resample, encode.
///
/// Output sample k stands at the time k / rate of the input: what a filter holds comes later, never shifted. Allocates
/// only the audio that it gives.
package final class AudioConversion {
    /// Choices that the formats leave open.
    struct Settings {
        /// How uncommon rates are resampled.
        var quality = ResamplerQuality.medium
        /// How Opus packets are made.
        var opus = OpusPacketizer.Settings()
    }

    /// Takes audio and the time that lies between the beginning of the stream and the audio's first sample.
    package typealias Emit = (_ audio: Audio, _ offset: Duration) -> Void

    /// The format of the input.
    let source: AudioFormat
    /// The format of the output.
    let target: AudioFormat
    private let decoding: AudioDecoding
    private let conversion: LinearConversion
    private let encoding: AudioEncoding
    private var taken = 0

    /// A stream that has seen no audio.
    ///
    /// - Throws: ``OpusError`` or ``ResamplerError`` for formats that these do not have.
    init(from source: AudioFormat, to target: AudioFormat, _ settings: Settings = Settings()) throws {
        self.source = source
        self.target = target
        decoding = try AudioDecoding(source, towards: target)
        conversion = try LinearConversion(from: decoding.format, to: target, quality: settings.quality)
        encoding = try AudioEncoding(target, settings.opus)
    }

    /// A stream of a synthesiser's linear or G.711 audio that has seen none.
    ///
    /// - Throws: What says why rate or encoding cannot be converted.
    package convenience init(speechFrom source: AudioFormat, to target: AudioFormat) throws {
        try self.init(from: source, to: target)
    }

    /// How much input there was since the stream began.
    var inputDuration: Duration { .samples(taken, rate: decoding.format.rateHz) }

    /// Converts `audio`, which has the source's format.
    ///
    /// - Throws: ``OpusError/invalidPacket`` for bytes that are no Opus packet, before anything was emitted; the stream
    ///   goes on with the next.
    package func convert(_ audio: Audio, _ emit: Emit) throws {
        try decoding.decode(audio) { try take($0, emit) }
    }

    /// Fills in for Opus packets that were lost before `next`; of other encodings nothing is made up.
    func conceal(_ gap: Duration, before next: Audio, _ emit: Emit) throws {
        try decoding.conceal(gap.sampleCount(rate: decoding.format.rateHz), before: next) { try take($0, emit) }
    }

    /// Gives what is held, and begins a new stream.
    package func flush(_ emit: Emit) throws {
        try conversion.flush { try encode($0, emit) }
        try encoding.flush { emit($0, .samples($1, rate: target.rateHz)) }
        decoding.reset()
        taken = 0
    }

    /// Forgets what is held, and begins a new stream.
    func reset() {
        decoding.reset()
        conversion.reset()
        encoding.reset()
        taken = 0
    }

    private func take(_ samples: UnsafeBufferPointer<Int16>, _ emit: Emit) throws {
        taken += samples.count / decoding.format.channels
        try conversion.process(samples) { try encode($0, emit) }
    }

    private func encode(_ samples: UnsafeBufferPointer<Int16>, _ emit: Emit) throws {
        try encoding.encode(samples) { emit($0, .samples($1, rate: target.rateHz)) }
    }
}

@available(*, unavailable)
extension AudioConversion: Sendable {}
