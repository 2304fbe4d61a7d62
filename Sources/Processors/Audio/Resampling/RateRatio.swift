// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The ratio of two sample rates in lowest terms: `up` samples of output per `down` samples of input.
struct RateRatio: Equatable {
    /// Samples of output per `down` samples of input.
    let up: Int
    /// Samples of input per `up` samples of output.
    let down: Int

    /// The ratio of two positive rates in Hz.
    init(from inputRate: Int, to outputRate: Int) {
        var (divisor, rest) = (inputRate, outputRate)
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        up = outputRate / divisor
        down = inputRate / divisor
    }

    /// Samples of output that a stream of `count` samples of input gives in all; a started one counts.
    func outputCount(for count: Int) -> Int {
        (count * up + down - 1) / down
    }
}
