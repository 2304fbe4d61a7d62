// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import PipelineKit

/// Audio made for tests; the same arguments give the same samples.
extension Audio {
    /// A sine tone.
    ///
    /// - Parameter dbfs: RMS level.
    public static func tone(
        dbfs: Double = -20, hz: Double = 440, _ duration: Duration, format: AudioFormat = .wideband
    ) -> Audio {
        let amplitude = 32768 * pow(10, dbfs / 20) * 2.0.squareRoot()
        return Audio(format: format, sampleCount: duration.sampleCount(rate: format.rateHz)) { samples in
            for index in samples.indices {
                let time = Double(index / format.channels) / Double(format.rateHz)
                samples[index] = Int16(clamping: Int((amplitude * sin(2 * .pi * hz * time)).rounded()))
            }
        }
    }

    /// Silence.
    public static func silence(_ duration: Duration) -> Audio { .silence(duration, format: .wideband) }

    /// White noise.
    ///
    /// - Parameter dbfs: RMS level.
    public static func noise(
        dbfs: Double = -40, seed: UInt64 = 1, _ duration: Duration, format: AudioFormat = .wideband
    ) -> Audio {
        var generator = SeededGenerator(seed: seed)
        let amplitude = 32768 * pow(10, dbfs / 20) * 3.0.squareRoot()
        return Audio(format: format, sampleCount: duration.sampleCount(rate: format.rateHz)) { samples in
            for index in samples.indices {
                samples[index] = Int16(
                    clamping: Int((amplitude * Double.random(in: -1...1, using: &generator)).rounded()))
            }
        }
    }
}

/// SplitMix64: the same seed gives the same numbers on every machine.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator.
    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
