// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSilero

/// What Silero VAD remembers of one stream: 1280 bytes.
///
/// A new value is the start of a stream; begin anew after a gap in the audio too.
package struct SileroState {
    /// Samples of one window: 32 ms at 16 kHz, the only rate.
    package static let windowLength = Int(CSILERO_WINDOW)

    private var state = csilero_state()

    /// The state before the first window.
    package init() {}

    /// The probability 0...1 that the next window of the stream is speech.
    ///
    /// `window` has `windowLength` samples. Takes about 10 µs with AVX2; allocates nothing.
    package mutating func probability(of window: UnsafeBufferPointer<Int16>, model: SileroModel) -> Float {
        guard window.count == Self.windowLength, let samples = window.baseAddress else {
            preconditionFailure("a window has \(Self.windowLength) samples, not \(window.count)")
        }
        return csilero_run_int16(model.weights, &state, samples)
    }

    /// The probability 0...1 that the next window of the stream, samples of -1...1, is speech.
    package mutating func probability(of window: UnsafeBufferPointer<Float>, model: SileroModel) -> Float {
        guard window.count == Self.windowLength, let samples = window.baseAddress else {
            preconditionFailure("a window has \(Self.windowLength) samples, not \(window.count)")
        }
        return csilero_run(model.weights, &state, samples)
    }
}
