// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineTesting
import Testing

@testable import Processors

/// Feeds a stream in windows and answers all readings.
private func readings(
    _ samples: [Int16], rate: Int = 16_000, window: Int = 320, detector: inout EnergyDetector
) -> [EnergyDetector.Reading] {
    samples.withUnsafeBufferPointer { samples in
        stride(from: 0, to: samples.count - window + 1, by: window).map {
            detector.process(UnsafeBufferPointer(rebasing: samples[$0..<$0 + window]), rate: rate)
        }
    }
}

private func readings(_ samples: [Int16], rate: Int = 16_000, window: Int = 320) -> [EnergyDetector.Reading] {
    var detector = EnergyDetector()
    return readings(samples, rate: rate, window: window, detector: &detector)
}

/// White noise of an RMS level in dBFS.
private func noise(_ level: Double, _ count: Int, _ random: inout SeededGenerator) -> [Double] {
    let peak = 32_768 * pow(10, level / 20) * 3.0.squareRoot()
    return (0..<count).map { _ in .random(in: -peak...peak, using: &random) }
}

/// Ten seconds at 16 kHz: in each odd second noise swells four times as syllables do, and each even second is empty.
private func talk(_ level: Double, _ random: inout SeededGenerator) -> [Double] {
    noise(level, 160_000, &random).enumerated().map { index, sample in
        guard (index / 16_000) % 2 == 1 else { return 0 }
        return sample * (0.25 + abs(sin(2 * .pi * Double(index) / 8_000))) * 1.07
    }
}

private func rounded(_ samples: [Double]) -> [Int16] {
    samples.map { Int16(clamping: Int($0.rounded())) }
}

/// Shares of windows called speech: in seconds of talk and, after the floor has settled, in the empty ones.
private func shares(signalToNoise: Double) -> (hits: Double, falseAlarms: Double) {
    var random = SeededGenerator(seed: 21)
    let speech = talk(-26, &random)
    let mixed = zip(speech, noise(-26 - signalToNoise, speech.count, &random)).map { $0 + $1 }
    let decisions = readings(rounded(mixed)).map(\.isSpeech)
    // The two windows at each change belong to neither.
    let seconds = (2..<10).map { ($0, decisions[($0 * 50 + 2)..<($0 * 50 + 48)]) }
    func share(_ parity: Int) -> Double {
        let windows = seconds.filter { $0.0 % 2 == parity }.flatMap(\.1)
        return Double(windows.count { $0 }) / Double(windows.count)
    }
    return (share(1), share(0))
}

@Suite struct EnergyDetectorTests {
    @Test(arguments: [0.0, 5, 10, 15, 20]) func noiseAloneIsNotSpeech(_ signalToNoise: Double) {
        #expect(shares(signalToNoise: signalToNoise).falseAlarms < 0.02)
    }

    @Test(arguments: [(5.0, 0.4), (10.0, 0.85), (15.0, 0.95), (20.0, 0.99)])
    func speechOverNoiseIsFound(_ signalToNoise: Double, _ least: Double) {
        #expect(shares(signalToNoise: signalToNoise).hits >= least)
    }

    @Test func theLevelIsThatOfTheSamples() {
        #expect(readings([Int16](repeating: .min, count: 320))[0].level == 0)
        #expect(readings([Int16](repeating: 0, count: 320))[0].level == -120)
        let sine = readings(Tone(frequency: 500, amplitude: 0.1).samples(320, rate: 16_000))[0].level
        #expect(abs(sine - -23.01) < 0.02)
    }

    @Test(arguments: [(8_000, 80), (8_000, 160), (16_000, 320), (16_000, 512), (48_000, 960)])
    func theFloorSettlesOnSteadyNoise(_ rate: Int, _ window: Int) {
        var random = SeededGenerator(seed: 5)
        let last = readings(rounded(noise(-50, rate * 3, &random)), rate: rate, window: window).last
        #expect(abs((last?.floor ?? 0) - -50) < 1.5)
    }

    @Test func aLouderBackgroundIsSpeechOnlyUntilTheFloorHasFollowed() {
        var random = SeededGenerator(seed: 6)
        let steps = noise(-60, 32_000, &random) + noise(-40, 64_000, &random)
        let decisions = readings(rounded(steps)).map(\.isSpeech)
        #expect(decisions[..<100].allSatisfy { !$0 })
        #expect(decisions[101..<170].allSatisfy { $0 })
        #expect(decisions[190...].allSatisfy { !$0 })
    }

    @Test func aQuieterBackgroundIsFollowedAtOnce() {
        var random = SeededGenerator(seed: 7)
        let steps = noise(-40, 64_000, &random) + noise(-60, 8_000, &random)
        #expect(abs((readings(rounded(steps)).last?.floor ?? 0) - -60) < 2)
    }

    @Test func aStreamMayBeginWithSpeech() {
        var random = SeededGenerator(seed: 8)
        let decisions = readings(rounded(noise(-26, 12_800, &random))).map(\.isSpeech)
        #expect(decisions == [Bool](repeating: true, count: 40))
    }

    @Test func loudNoiseFromTheStartIsSpeechOnlyForALittleWhile() {
        var random = SeededGenerator(seed: 14)
        let decisions = readings(rounded(noise(-36, 32_000, &random))).map(\.isSpeech)
        #expect(decisions[45...] == [Bool](repeating: false, count: 55)[...])
    }

    @Test func nothingBelowTheMinimumLevelIsSpeech() {
        var random = SeededGenerator(seed: 9)
        let steps = noise(-90, 48_000, &random) + noise(-58, 3_200, &random)
        #expect(readings(rounded(steps)).allSatisfy { !$0.isSpeech && $0.probability == 0 })
    }

    @Test func betweenTheMarginsTheDecisionStays() {
        var random = SeededGenerator(seed: 10)
        var detector = EnergyDetector()
        let background = noise(-50, 48_000, &random)
        let between = noise(-45.5, 640, &random)
        #expect(readings(rounded(background + between), detector: &detector).suffix(2).allSatisfy { !$0.isSpeech })
        let loud = noise(-35, 640, &random)
        #expect(readings(rounded(loud), detector: &detector).allSatisfy { $0.isSpeech })
        #expect(readings(rounded(between), detector: &detector).allSatisfy { $0.isSpeech })
        #expect(readings(rounded(Array(background[..<640])), detector: &detector).allSatisfy { !$0.isSpeech })
    }

    @Test func theProbabilityIsOneHalfAtTheOpeningMargin() throws {
        var random = SeededGenerator(seed: 11)
        var detector = EnergyDetector()
        let floor = try #require(readings(rounded(noise(-50, 48_000, &random)), detector: &detector).last?.floor)
        for (excess, expected) in [(6.0, 0.5), (0.0, 0.018), (12.0, 0.982)] {
            let amplitude = pow(10, (floor + excess) / 20) * 2.0.squareRoot()
            let tone = Tone(frequency: 500, amplitude: amplitude).samples(320, rate: 16_000)
            var copy = detector
            let probability = try #require(readings(tone, detector: &copy).first?.probability)
            #expect(abs(probability - expected) < 0.03)
        }
    }

    @Test func resetForgetsTheStream() {
        var random = SeededGenerator(seed: 12)
        var detector = EnergyDetector()
        _ = readings(rounded(noise(-60, 48_000, &random)), detector: &detector)
        detector.reset()
        let clip = rounded(noise(-40, 16_000, &random))
        #expect(readings(clip, detector: &detector) == readings(clip))
    }

    @Test func anEmptyWindowLeavesNoTrace() {
        var random = SeededGenerator(seed: 13)
        let clip = rounded(noise(-40, 16_000, &random))
        var detector = EnergyDetector()
        let empty = detector.process(UnsafeBufferPointer(start: nil, count: 0), rate: 16_000)
        #expect(empty.level == -120)
        #expect(empty.probability == 0)
        #expect(readings(clip, detector: &detector) == readings(clip))
    }
}
