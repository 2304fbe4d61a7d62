// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineTesting

/// A sine of known frequency, as test signal and as yardstick.
struct Tone {
    /// Frequency in Hz.
    var frequency: Double
    /// Peak, 1 for full scale.
    var amplitude = 0.9

    /// The value at `time` seconds.
    func value(at time: Double) -> Double {
        amplitude * sin(2 * .pi * frequency * time + 0.3)
    }

    /// The first `count` samples at `rate` Hz, rounded to 16 bits.
    func samples(_ count: Int, rate: Int) -> [Int16] {
        (0..<count).map { Int16((value(at: Double($0) / Double(rate)) * 32767).rounded()) }
    }

    /// Power of the tone over power of what `samples` at `rate` Hz differ from it, in dB.
    ///
    /// Differences of level and of time count as noise; the first and last 10 ms are left out.
    func signalToNoise(in samples: [Int16], rate: Int) -> Double {
        var signal = 0.0
        var noise = 0.0
        for k in rate / 100..<samples.count - rate / 100 {
            let ideal = value(at: Double(k) / Double(rate)) * 32767
            signal += ideal * ideal
            noise += (Double(samples[k]) - ideal) * (Double(samples[k]) - ideal)
        }
        return 10 * log10(signal / noise)
    }
}

/// RMS level in dB over that of a full-scale square wave, without the first and last 10 ms.
func innerLevel(_ samples: [Int16], rate: Int) -> Double {
    let inner = samples[rate / 100..<samples.count - rate / 100]
    let power = inner.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(inner.count)
    return 10 * log10(max(power, 1e-3) / (32767.0 * 32767.0))
}

extension SeededGenerator {
    /// `count` samples of white noise with peaks of `peak`.
    mutating func noise(_ count: Int, peak: Int16 = 20_000) -> [Int16] {
        (0..<count).map { _ in Int16.random(in: -peak...peak, using: &self) }
    }
}
