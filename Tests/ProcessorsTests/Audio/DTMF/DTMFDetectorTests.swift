// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// ITU-T Q.24, table A-1, as far as it gives numbers; levels in dBFS, of which 0 dBm0 is -6.2.
@Suite struct DTMFDetectorTests {
    private static let keys = "0123456789*#ABCD"

    /// What the keys sound like on a line.
    private struct Line {
        var tone = 50.0
        var gap = 50.0
        /// RMS level of each frequency.
        var low = -16.0
        var high = -16.0
        /// By which part the frequencies are wrong.
        var lowError = 0.0
        var highError = 0.0
        /// Level of white noise under the two tones' own.
        var noiseBelow: Double?
        /// Samples of silence before the first key: where the windows fall.
        var offset = 0
        var isCompanded = false

        func samples(_ keys: String, rate: Int = 8000, seed: UInt64 = 1) -> [Int16] {
            var generator = SeededGenerator(seed: seed)
            var values = [Double](repeating: 0, count: offset + rate / 20)
            for frequencies in keys.compactMap(DTMFKeypad.frequencies) {
                let phase = Double.random(in: 0..<2 * .pi, using: &generator)
                for index in 0..<Int(tone * Double(rate) / 1000) {
                    let time = 2 * .pi * Double(index) / Double(rate)
                    values.append(
                        Self.amplitude(low) * sin(time * frequencies.low * (1 + lowError) + phase)
                            + Self.amplitude(high) * sin(time * frequencies.high * (1 + highError)))
                }
                values += [Double](repeating: 0, count: Int(gap * Double(rate) / 1000))
            }
            values += [Double](repeating: 0, count: rate / 20)
            if let noiseBelow {
                let level = 10 * log10(pow(10, low / 10) + pow(10, high / 10)) - noiseBelow
                let amplitude = 32_768 * pow(10, level / 20) * 3.0.squareRoot()
                for index in values.indices { values[index] += .random(in: -amplitude...amplitude, using: &generator) }
            }
            let samples = values.map { Int16(clamping: Int($0.rounded())) }
            return isCompanded ? G711Law.ulaw.decode(G711Law.ulaw.encode(samples)) : samples
        }

        private static func amplitude(_ level: Double) -> Double { 32_768 * pow(10, level / 20) * 2.0.squareRoot() }
    }

    private func heard(_ samples: [Int16], rate: Int = 8000, pieces: [Int] = [160]) -> String {
        var decoder = DTMFDecoder(rateHz: rate, threshold: DTMFDetector.Parameters.template.threshold)
        var keys: [Character] = []
        var (position, piece) = (0, 0)
        while position < samples.count {
            let end = min(position + pieces[piece % pieces.count], samples.count)
            keys += Array(samples[position..<end]).withUnsafeBufferPointer { decoder.hear($0) }
            (position, piece) = (end, piece + 1)
        }
        return String(keys)
    }

    /// Whether all keys are heard wherever the windows fall.
    private func hearsAll(_ line: Line) -> Bool {
        stride(from: 0, to: 48, by: 5).allSatisfy { offset in
            var line = line
            line.offset = offset
            return heard(line.samples(Self.keys)) == Self.keys
        }
    }

    private func hearsNone(_ line: Line) -> Bool {
        stride(from: 0, to: 48, by: 5).allSatisfy { offset in
            var line = line
            line.offset = offset
            return heard(line.samples(Self.keys)).isEmpty
        }
    }

    // MARK: What must be taken

    @Test(arguments: [8_000, 16_000, 44_100, 48_000])
    func hearsWhatTheToneGeneratorSounds(rate: Int) throws {
        let tones = try ProcessorHarness(DTMFTones(.with { $0.rateHz = rate }))
        tones.send(KeysToPress(Self.keys))
        let harness = try ProcessorHarness(DTMFDetector(.template))
        for audio in tones.takeOutput().audio { harness.send(audio) }
        #expect(String(harness.take(DTMF.self).map(\.digit)) == Self.keys)
    }

    @Test(arguments: [(-1.5, -1.5), (-1.5, 1.5), (0, 1.5), (1.5, 0), (1.5, -1.5), (1.5, 1.5)])
    func takesFrequenciesThatAreALittleWrong(low: Double, high: Double) {
        #expect(hearsAll(Line(lowError: low / 100, highError: high / 100)))
    }

    @Test(arguments: [(-6.2, -6.2), (-31.2, -31.2), (-16, -12), (-12, -20), (-31, -27), (-22, -30)])
    func takesTheLevelsOfALine(low: Double, high: Double) { #expect(hearsAll(Line(low: low, high: high))) }

    @Test func takesTheShortestTonesAndPauses() { #expect(hearsAll(Line(tone: 40, gap: 53))) }

    @Test(arguments: [24.0, 18, 15, 12])
    func takesTonesInNoise(below: Double) {
        for seed in 1...10 {
            #expect(heard(Line(noiseBelow: below).samples(Self.keys, seed: UInt64(seed))) == Self.keys, "\(seed)")
        }
    }

    @Test(arguments: [-6.2, -16, -31.2])
    func takesCompandedTones(level: Double) {
        #expect(hearsAll(Line(low: level, high: level, isCompanded: true)))
        #expect(hearsAll(Line(low: level, high: level, noiseBelow: 15, isCompanded: true)))
    }

    // MARK: What must be left

    @Test(arguments: [
        (-3.5, 0), (3.5, 0), (0, -3.5), (0, 3.5), (4.0, 4.0), (-5, 0), (5, 0), (0, 5), (0, -5), (0, 6), (0, -7),
    ])
    func leavesFrequenciesThatAreNotTheKeys(low: Double, high: Double) {
        #expect(hearsNone(Line(tone: 100, lowError: low / 100, highError: high / 100)))
    }

    @Test func leavesWhatIsTooShortTooQuietOrOneTone() {
        #expect(hearsNone(Line(tone: 20)))
        #expect(hearsNone(Line(low: -61, high: -61)))
        #expect(hearsNone(Line(low: -16, high: -40)))
        #expect(hearsNone(Line(low: -16, high: -4)))
        #expect(heard(Array(repeating: .max, count: 8000)).isEmpty)
        #expect(heard(Array(repeating: 0, count: 8000)).isEmpty)
    }

    @Test func aToneWithAHoleIsOneKeyAndOneWithAPauseIsTwo() {
        for (gap, keys) in [(5.0, "5"), (10, "5"), (40, "55"), (48, "55")] {
            for offset in stride(from: 0, to: 48, by: 7) {
                let line = Line(tone: 60, gap: gap, offset: offset)
                #expect(heard(line.samples("55")) == keys, "\(gap) ms, \(offset)")
            }
        }
        #expect(heard(Line(tone: 3000).samples("7")) == "7")
    }

    @Test func speechAndNoiseAreNoKeys() throws {
        // Every voiced sound of English, in two voices, loud and companded.
        let words = """
            The quick brown fox jumps over the lazy dog. A rainbow is a division of white light into many beautiful \
            colors. She sells sea shells by the sea shore. Peter Piper picked a peck of pickled peppers. One two three \
            four five six seven eight nine zero. How now, brown cow? Oh, who knew you do move to and fro, too?
            """
        for voice in [FliteVoice.Name.kal16, .rms, .slt] {
            var samples: [Int16] = []
            try FliteVoice(voice).synthesize(
                words, onWords: { _ in },
                onAudio: { chunk in
                    samples.append(contentsOf: chunk)
                    return true
                })
            let resampler = try StreamingResampler(from: FliteVoice.sampleRate, to: 8000)
            let telephone = resampler.process(samples) + resampler.flush()
            #expect(telephone.count > 8 * 8000)
            #expect(heard(telephone).isEmpty)
            #expect(heard(G711Law.ulaw.decode(G711Law.ulaw.encode(telephone))).isEmpty)
        }
        let noise = Audio.noise(dbfs: -20, .seconds(60), format: .telephone).withSamples { Array($0) }
        #expect(heard(noise).isEmpty)
    }

    // MARK: In a pipeline

    @Test func anyChunkingGivesTheSame() {
        let samples = Line(noiseBelow: 20).samples(Self.keys)
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20 {
            let pieces = (0..<50).map { _ in Int.random(in: 1...900, using: &generator) }
            #expect(heard(samples, pieces: pieces) == Self.keys)
        }
    }

    @Test func theSoundPassesAndAGapIsNoTone() throws {
        let harness = try ProcessorHarness(DTMFDetector(.template))
        let samples = Line(tone: 30).samples("5")
        harness.send(Audio(format: .telephone, samples: samples))
        #expect(harness.takeSamples() == samples)
        // Two halves of a tone, each too short, that a gap parts.
        let half = Array(Line(tone: 60).samples("5")[400..<640])
        harness.send(Audio(format: .telephone, samples: half))
        harness.advance(by: .seconds(1))
        harness.send(Audio(format: .telephone, samples: half))
        #expect(harness.take(DTMF.self).isEmpty)
    }
}
