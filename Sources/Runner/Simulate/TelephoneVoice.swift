// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CarrierEmulator
import PipelineKit
import Processors

/// The voice of simulated callers: flite, at the telephone's rate.
enum TelephoneVoice {
    /// Speaks a text.
    static let engine: SpeechEngine = { text in
        var samples: [Int16] = []
        try FliteVoice(.rms).synthesize(
            text, onWords: { _ in },
            onAudio: { chunk in
                samples.append(contentsOf: chunk)
                return true
            })
        let resampler = try StreamingResampler(from: FliteVoice.sampleRate, to: 8000)
        return resampler.process(samples) + resampler.flush()
    }
}
