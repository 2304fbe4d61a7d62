// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal
import Glibc

/// Tells speech from steady noise by level alone.
///
/// Follows the noise floor as the least smoothed level of the last 1.6 s (speech pauses more often than that; noise
/// does not) and calls speech what stands clearly above it. Works from about 10 dB of signal over noise, fails on
/// music and on other people's voices, and costs a thousandth of a network. Has no clock: time is counted in samples.
///
/// - SeeAlso: R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics",
///   IEEE Transactions on Speech and Audio Processing 9(5), 2001, for the floor.
package struct EnergyDetector: Sendable {
    /// What decides; the defaults suit telephone and headset audio.
    package struct Settings: Equatable, Sendable {
        /// Level over the floor, in dB, at which the probability is one half and speech begins.
        package var openingMargin = 6.0
        /// Level over the floor, in dB, below which speech ends; less than `openingMargin`.
        package var closingMargin = 3.0
        /// Level in dBFS below which nothing is speech.
        package var minimumLevel = -55.0
        /// Highest floor in dBFS that is believed before 0.8 s have been heard: a stream may begin with speech.
        package var initialFloor = -45.0

        /// The defaults.
        package init() {}
    }

    /// What is known about one window.
    package struct Reading: Equatable, Sendable {
        /// RMS level in dBFS (a full-scale square wave is 0); -120 for digital silence.
        package var level: Double
        /// The noise floor in dBFS.
        package var floor: Double
        /// How speech-like the level is, 0...1; rises with the level over the floor, without memory of the decision.
        package var probability: Double
        /// The decision, with hysteresis between the two margins.
        package var isSpeech: Bool
    }

    private static let silence = -120.0
    /// Time constant in seconds by which power is smoothed before its minimum is taken.
    private static let smoothingTime = 0.04
    /// Seconds of each of the eight stretches whose minima make the floor.
    private static let stretch = 0.2
    /// The least of the smoothed levels lies this far, in dB, below the mean of steady noise.
    private static let bias = 1.0
    /// Excess in dB over the opening margin that multiplies the odds by e.
    private static let slope = 1.5

    private let settings: Settings
    /// Least smoothed level of each of the last stretches, in dBFS; infinite where none was heard yet.
    private var minima = SIMD8(repeating: Double.infinity)
    /// Position in `minima` of the running stretch, and how much of it was heard, in seconds.
    private var position = 3
    private var elapsed = 0.0
    /// Smoothed power relative to full scale; nil before the first window.
    private var power: Double?
    private var isSpeech = false

    /// A detector that has heard nothing.
    package init(_ settings: Settings = Settings()) {
        precondition(settings.closingMargin <= settings.openingMargin, "speech cannot end above where it begins")
        self.settings = settings
        // The fifth stretch overwrites it.
        minima[7] = settings.initialFloor
    }

    /// Measures the next window of the stream, of any length (10 to 40 ms work best), at `rate` Hz.
    ///
    /// An empty window reads as silence and leaves no trace.
    package mutating func process(_ window: UnsafeBufferPointer<Int16>, rate: Int) -> Reading {
        precondition(rate > 0, "a sample rate is positive")
        guard let samples = window.baseAddress, !window.isEmpty else {
            return reading(level: Self.silence)
        }
        let mean = Double(csignal_energy(samples, window.count)) / Double(window.count) / (32_768 * 32_768)
        let level = Self.level(mean)
        track(mean, seconds: Double(window.count) / Double(rate))
        let excess = level - floor
        let isLoud = level >= settings.minimumLevel
        isSpeech = isLoud && excess >= (isSpeech ? settings.closingMargin : settings.openingMargin)
        return reading(level: level)
    }

    /// Forgets the stream: the next window is the first of a new one.
    package mutating func reset() {
        self = EnergyDetector(settings)
    }

    /// The probability of a window whose level lies `margin` dB over the floor.
    package static func probability(atMargin margin: Double, _ settings: Settings) -> Double {
        1 / (1 + exp((settings.openingMargin - margin) / slope))
    }

    /// The noise floor in dBFS.
    private var floor: Double {
        minima.min() + Self.bias
    }

    private func reading(level: Double) -> Reading {
        let isLoud = level >= settings.minimumLevel
        let probability = isLoud ? Self.probability(atMargin: level - floor, settings) : 0
        return Reading(level: level, floor: floor, probability: probability, isSpeech: isSpeech)
    }

    /// Smooths the power and takes its minimum.
    private mutating func track(_ mean: Double, seconds: Double) {
        let previous = power ?? mean
        let smoothed = previous + (mean - previous) * (1 - exp(-seconds / Self.smoothingTime))
        power = smoothed
        if elapsed >= Self.stretch {
            position = (position + 1) % minima.scalarCount
            minima[position] = Self.level(smoothed)
            elapsed = 0
        }
        minima[position] = min(minima[position], Self.level(smoothed))
        elapsed += seconds
    }

    /// The level in dBFS of a mean square relative to full scale.
    private static func level(_ mean: Double) -> Double {
        mean > 0 ? max(silence, 10 * log10(mean)) : silence
    }
}
