// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Turns the linear samples of one stream into audio of one encoding.
///
/// Every block becomes one audio, but for Opus, which holds samples until they fill a packet. Allocates only the audio.
final class AudioEncoding {
    private enum Engine {
        case linear
        case g711(G711Law)
        case opus(OpusPacketizer)
    }

    private let format: AudioFormat
    private let engine: Engine
    private var written = 0

    /// A stream that has seen no sample.
    ///
    /// - Throws: ``OpusError`` for a rate that Opus does not have or a setting outside its range.
    init(_ format: AudioFormat, _ opus: OpusPacketizer.Settings) throws(OpusError) {
        self.format = format
        switch format.encoding {
        case .linear16: engine = .linear
        case .mulaw: engine = .g711(.ulaw)
        case .alaw: engine = .g711(.alaw)
        case .opus: engine = .opus(try OpusPacketizer(format, opus))
        }
    }

    /// Takes interleaved samples; calls `emit` with each audio that is complete and the number of samples per channel
    /// that came before it in the stream.
    func encode(_ samples: UnsafeBufferPointer<Int16>, _ emit: (Audio, Int) -> Void) throws {
        let count = samples.count / format.channels
        guard count > 0 else { return }
        switch engine {
        case .linear:
            give(Audio(format: format, sampleCount: count) { _ = $0.update(fromContentsOf: samples) }, emit)
        case .g711(let law):
            let audio = Audio(format: format, sampleCount: count, byteCount: samples.count) { target in
                law.encode(samples, into: target.bindMemory(to: UInt8.self))
            }
            give(audio, emit)
        case .opus(let packetizer):
            try packetizer.encode(samples, emit)
        }
    }

    /// Gives what is held, filled up with silence.
    func flush(_ emit: (Audio, Int) -> Void) throws {
        if case .opus(let packetizer) = engine { try packetizer.flush(emit) }
        written = 0
    }

    /// Forgets what is held; the next sample is the first of a new stream.
    func reset() {
        if case .opus(let packetizer) = engine { packetizer.reset() }
        written = 0
    }

    private func give(_ audio: Audio, _ emit: (Audio, Int) -> Void) {
        emit(audio, written)
        written += audio.sampleCount
    }
}

@available(*, unavailable)
extension AudioEncoding: Sendable {}
