// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal
import PipelineTesting
import Testing

/// Block lengths on both sides of what a vector holds.
private let lengths = [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 160, 161]

@Suite struct LevelKernelTests {
    @Test(arguments: lengths) func energyIsTheExactSumOfSquares(_ length: Int) {
        var random = SeededGenerator(seed: 1)
        let samples = random.noise(length, peak: .max)
        #expect(csignal_energy(samples, length) == samples.reduce(0) { $0 + Int64($1) * Int64($1) })
    }

    @Test func energyOfTheLowestSampleDoesNotOverflow() {
        #expect(csignal_energy([Int16](repeating: .min, count: 4_001), 4_001) == 4_001 << 30)
    }

    @Test(arguments: lengths) func peakIsTheLargestMagnitude(_ length: Int) {
        var random = SeededGenerator(seed: 2)
        let samples = random.noise(length)
        #expect(csignal_peak(samples, length) == samples.map { abs(Int32($0)) }.max() ?? 0)
    }

    @Test func peakOfTheLowestSampleDoesNotOverflow() {
        #expect(csignal_peak([0, .min, 5], 3) == 32_768)
    }

    @Test(arguments: lengths) func gainRoundsAndSaturates(_ length: Int) {
        var random = SeededGenerator(seed: 3)
        let samples = random.noise(length)
        var scaled = samples
        csignal_gain(&scaled, length, 2.5)
        #expect(scaled == samples.map { Int16(clamping: Int((Double($0) * 2.5).rounded(.toNearestOrEven))) })
    }

    @Test(arguments: lengths) func mixAddsAndSaturates(_ length: Int) {
        var random = SeededGenerator(seed: 4)
        let first = random.noise(length)
        let second = random.noise(length)
        var mixed = first
        csignal_mix(&mixed, second, length, 0.75)
        let expected = zip(first, second).map { Double($0) + Double($1) * 0.75 }
        #expect(mixed == expected.map { Int16(clamping: Int($0.rounded(.toNearestOrEven))) })
    }
}
