// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

private let speechPath = "/usr/share/pocketsphinx/test/data/goforward.raw"
private let hasModelAndSpeech = SileroModel.find() != nil && access(speechPath, R_OK) == 0

/// Recorded speech: "go forward ten meters", 2.8 s.
private func speech() throws -> [Int16] {
    let file = try #require(fopen(speechPath, "r"))
    defer { fclose(file) }
    var samples = [Int16](repeating: 0, count: 100_000)
    let count = fread(&samples, 2, samples.count, file)
    return Array(samples[..<count])
}

private func edges(_ frames: [Frame]) -> [VoiceActivity] { frames.compactMap { $0[VoiceActivity.self] } }

/// The decisions on a clip, with the network resting below a level.
private func decisions(_ samples: [Int16], restsBelow level: Double, minimumLevel: Double = -60) throws -> [String] {
    var detector = SileroDetector.Network(try SileroModel.load(), restsBelow: level)
    var machine = VoiceActivityMachine(VoiceActivityMachine.Settings(minimumLevel: minimumLevel))
    var found: [String] = []
    for index in 0..<samples.count / 512 {
        let reading = samples[index * 512..<(index + 1) * 512].withUnsafeBufferPointer { detector.listen(to: $0) }
        let start = MediaTime.zero + .samples(index * 512, rate: 16_000)
        if let edge = machine.process(reading, from: start, to: start + .milliseconds(32)) {
            found.append("\(index) \(edge.edge) \(edge.time)")
        }
    }
    return found
}

@Suite struct SileroVADTests {
    @Test(.enabled(if: hasModelAndSpeech, "needs 'make models' and pocketsphinx-testdata"))
    func findsRecordedSpeech() throws {
        let harness = try ProcessorHarness(SileroVAD(.template))
        harness.send(Audio(format: .wideband, samples: try speech()))
        harness.send(.silence(.seconds(1)))
        let found = edges(try harness.finish())
        #expect(found.map(\.edge) == [.speechStarted, .speechStopped])
        // Window 16 is the first above one half, window 70 the last (protocol sheet of the model).
        #expect(found.first?.time == .zero + .milliseconds(16 * 32))
        #expect(abs((try #require(found.last).time - .zero).milliseconds - 71 * 32) <= 64)
    }

    @Test(
        .enabled(if: hasModelAndSpeech, "needs 'make models' and pocketsphinx-testdata"),
        arguments: [-120.0, -90, -75, -65, -50, -40])
    func decidesTheSameWhileTheNetworkRests(_ noiseLevel: Double) throws {
        let speech = try speech()
        var generator = SeededGenerator(seed: 3)
        var clip: [Int16] = []
        for pause in [3, 1, 6, 2] {
            clip += [Int16](repeating: 0, count: pause * 16_000 + Int.random(in: 0..<512, using: &generator)) + speech
        }
        clip += [Int16](repeating: 0, count: 16_000)
        let noise = Audio.noise(dbfs: noiseLevel, seed: 5, .samples(clip.count, rate: 16_000)).linear
        for index in clip.indices { clip[index] = Int16(clamping: Int(clip[index]) + Int(noise[index])) }
        let always = try decisions(clip, restsBelow: -.infinity)
        #expect(always.count == 8)
        #expect(try decisions(clip, restsBelow: -60) == always)
    }

    @Test(.enabled(if: SileroModel.find() != nil, "needs 'make models'"))
    func hearsNoSpeechInNoise() throws {
        let harness = try ProcessorHarness(SileroVAD(.template))
        harness.send(.noise(dbfs: -30, .seconds(2)))
        harness.send(.tone(dbfs: -20, .seconds(1)))
        #expect(edges(try harness.finish()).isEmpty)
    }

    @Test func listensByLevelWhereTheModelIsMissing() throws {
        let harness = try ProcessorHarness(
            SileroVAD(.template) { () throws(SileroError) in throw .missing(searched: ["nowhere"]) })
        harness.send(.silence(.seconds(1)))
        harness.send(.tone(.milliseconds(500)))
        harness.send(.silence(.seconds(1)))
        #expect(edges(harness.takeOutput()).map(\.edge) == [.speechStarted, .speechStopped])
        #expect(harness.events.errors.map(\.processor) == ["silero_vad"])
        #expect(harness.events.errors.first?.message.contains("run 'make models'") == true)
    }
}
