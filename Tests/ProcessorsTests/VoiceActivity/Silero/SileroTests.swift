// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSilero
import Foundation
import PipelineTesting
import Testing

@testable import Processors

private let recordings = "/usr/share/pocketsphinx/test/data/"
private let hasRecordings = FileManager.default.isReadableFile(atPath: recordings + "goforward.raw")
private let hasWeights = SileroModel.find() != nil

/// 16-bit little-endian samples of a file of Debian's pocketsphinx-testdata.
private func recording(_ name: String) throws -> [Int16] {
    try Data(contentsOf: URL(fileURLWithPath: recordings + name)).withUnsafeBytes { bytes in
        (0..<bytes.count / 2).map { bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Int16.self).littleEndian }
    }
}

/// The clip that the fixture calls noisy: half of a recording, plus white noise with peaks of 512.
private func noisyRecording() throws -> [Int16] {
    var random = SeededGenerator(seed: 1)
    return try recording("goforward.raw").map { sample in
        let noise = Int(Int16(bitPattern: UInt16(truncatingIfNeeded: random.next() >> 48)))
        return Int16(clamping: (Int(sample) >> 1) + (noise >> 6))
    }
}

/// The probabilities of all whole windows of a stream.
private func probabilities(_ samples: [Int16], _ model: SileroModel) -> [Float] {
    var state = SileroState()
    return samples.withUnsafeBufferPointer { samples in
        stride(from: 0, through: samples.count - 512, by: 512).map {
            state.probability(of: UnsafeBufferPointer(rebasing: samples[$0..<$0 + 512]), model: model)
        }
    }
}

@Suite(.enabled(if: hasWeights, "Silero's weights are missing; run 'make models'"))
struct SileroTests {
    private let model: SileroModel

    init() throws {
        model = try SileroModel.load()
    }

    @Test(.enabled(if: hasRecordings, "the package pocketsphinx-testdata is missing"), arguments: [false, true])
    func matchesThePublishedModelOnRecordings(isPortable: Bool) throws {
        let fixture = URL(fileURLWithPath: #filePath + "/../../../../Fixtures/silero_probabilities.txt").standardized
        csilero_force_portable(isPortable ? 1 : 0)
        defer { csilero_force_portable(0) }
        let lines = try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n")
        let clips = lines.filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
        #expect(clips.count == 4)
        for clip in clips {
            let name = String(clip[0])
            let ours = probabilities(try name == "noisy" ? noisyRecording() : recording(name), model)
            let published = clip.dropFirst().compactMap { Float($0) }
            #expect(ours.count == published.count)
            let worst = zip(ours, published).map { abs($0 - $1) }.max() ?? 1
            #expect(worst < 1e-4, "\(name)")
        }
    }

    @Test func matchesThePublishedModelOnSilence() {
        let published: [Float] = [
            0.00167, 0.00688, 0.00891, 0.00786, 0.00591, 0.00596, 0.00585, 0.00564, 0.00543, 0.00520,
        ]
        for (ours, expected) in zip(probabilities([Int16](repeating: 0, count: 5_120), model), published) {
            #expect(abs(ours - expected) < 1e-5)
        }
    }

    @Test func aToneIsNotSpeech() {
        let tone = Tone(frequency: 440, amplitude: 0.5).samples(5_120, rate: 16_000)
        #expect(probabilities(tone, model).allSatisfy { $0 < 0.01 })
    }

    @Test func floatsAndIntegersGiveTheSame() {
        var random = SeededGenerator(seed: 9)
        let samples = random.noise(512)
        let floats = samples.map { Float($0) / 32_768 }
        var (first, second) = (SileroState(), SileroState())
        for _ in 0..<3 {
            let integer = samples.withUnsafeBufferPointer { first.probability(of: $0, model: model) }
            let float = floats.withUnsafeBufferPointer { second.probability(of: $0, model: model) }
            #expect(integer == float)
        }
    }

    @Test func extremeSamplesGiveAProbability() {
        let square = (0..<51_200).map { ($0 / 40).isMultiple(of: 2) ? Int16.max : Int16.min }
        #expect(probabilities(square, model).allSatisfy { (0...1).contains($0) })
    }

    @Test func oneStreamDoesNotDisturbAnother() {
        var random = SeededGenerator(seed: 4)
        let (first, second) = (random.noise(5_120), random.noise(5_120))
        let alone = (probabilities(first, model), probabilities(second, model))
        var states = (SileroState(), SileroState())
        for start in stride(from: 0, to: 5_120, by: 512) {
            let a = Array(first[start..<start + 512]).withUnsafeBufferPointer {
                states.0.probability(of: $0, model: model)
            }
            let b = Array(second[start..<start + 512]).withUnsafeBufferPointer {
                states.1.probability(of: $0, model: model)
            }
            #expect(a == alone.0[start / 512])
            #expect(b == alone.1[start / 512])
        }
    }

    @Test func theWeightsAreLoadedOnce() throws {
        #expect(try SileroModel.load() === model)
    }

    @Test func damagedWeightsAreRefused() throws {
        let path = try #require(SileroModel.find())
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var flipped = whole
        flipped[500_000] ^= 1
        for bytes in [flipped, whole.dropLast(), whole.prefix(20)] {
            try withFile(bytes) { path in
                #expect(throws: SileroError.damaged(path: path)) { try SileroModel.load(at: path) }
            }
        }
        var newer = whole
        newer[8] = 2
        try withFile(newer) { path in
            #expect(throws: SileroError.foreign(path: path)) { try SileroModel.load(at: path) }
        }
    }
}

@Suite struct SileroWeightsFileTests {
    @Test func aMissingFileIsAnError() {
        let path = "/nonexistent/" + SileroModel.fileName
        #expect(throws: SileroError.unreadable(path: path, reason: "No such file or directory")) {
            try SileroModel.load(at: path)
        }
    }

    @Test(arguments: [0, 1, 19, 20, 4_000]) func otherFilesAreForeign(_ size: Int) throws {
        try withFile(Data(repeating: 0x56, count: size)) { path in
            #expect(throws: SileroError.foreign(path: path)) { try SileroModel.load(at: path) }
        }
    }

    @Test func theMessageSaysWhatToDo() {
        let error = SileroError.missing(searched: SileroModel.searchPath())
        #expect("\(error)".contains("make models"))
        #expect("\(error)".contains("models/silero_vad_16k.bin"))
    }
}

/// Runs `body` with the path of a temporary file of `bytes`.
private func withFile(_ bytes: Data, _ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try bytes.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
}
