// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Processors

/// The caller of the density benchmark: speech and pauses, made by the synthesiser, the same every time.
enum BenchRecording {
    private static let sentences = [
        "Good morning, I would like to make an appointment for a haircut on Friday.",
        "What are your opening hours?",
        "Two o'clock would be fine, thank you very much.",
    ]

    /// µ-law frames of 20 ms at 8 kHz; every sentence is followed by three seconds of silence, as when the other side
    /// speaks.
    static func telephone() throws -> [Audio] {
        let voice = try FliteVoice(.slt)
        let resampler = try StreamingResampler(from: 16_000, to: 8_000)
        var samples: [Int16] = []
        for sentence in sentences {
            try voice.synthesize(sentence, chunkSamples: 1600, onWords: { _ in }) { chunk in
                samples += resampler.process(Array(chunk))
                return true
            }
            samples += [Int16](repeating: 0, count: 24_000)
        }
        let format = AudioFormat(rateHz: 8000, encoding: .mulaw)
        let bytes = G711Law.ulaw.encode(samples)
        return stride(from: 0, to: bytes.count - 160, by: 160).map { start in
            Audio(format: format, sampleCount: 160, byteCount: 160) { target in
                target.copyBytes(from: bytes[start..<start + 160])
            }
        }
    }
}
