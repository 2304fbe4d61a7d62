// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

private func edges(_ frames: [Frame]) -> [VoiceActivity] { frames.compactMap { $0[VoiceActivity.self] } }

/// A second of quiet noise, half a second of tone, a second of quiet noise.
private func sendUtterance(_ harness: ProcessorHarness, format: AudioFormat = .wideband) {
    harness.send(.noise(dbfs: -60, seed: 1, .seconds(1), format: format))
    harness.send(.tone(dbfs: -20, .milliseconds(500), format: format))
    harness.send(.noise(dbfs: -60, seed: 2, .seconds(1), format: format))
}

@Suite struct EnergyVADTests {
    @Test(arguments: [8000, 16_000, 24_000, 48_000]) func saysWhereSpeechReallyWas(_ rateHz: Int) throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        sendUtterance(harness, format: AudioFormat(rateHz: rateHz))
        let found = edges(try harness.finish())
        #expect(found.map(\.edge) == [.speechStarted, .speechStopped])
        #expect(found.map(\.time) == [.zero + .seconds(1), .zero + .milliseconds(1500)])
    }

    @Test func passesAudioUnchangedAndEachEdgeBeforeTheAudioThatDecidesIt() throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        let audio = Audio.tone(dbfs: -20, .milliseconds(200))
        harness.send(.silence(.seconds(1)))
        harness.send(audio)
        let output = harness.takeOutput()
        #expect(output.suffix(11).samples == audio.linear)
        let place = output.firstIndex { $0[VoiceActivity.self] != nil }
        // The onset of 100 ms is full with the fifth frame of speech.
        #expect(place == 50 + 4)
        #expect(output.dropFirst(55).first?.mediaTime == .zero + .milliseconds(1080))
        _ = try harness.finish()
    }

    @Test func decidesTheSameHoweverTheAudioIsCut() throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        let audio =
            Audio.noise(dbfs: -60, .seconds(1)).linear + Audio.tone(.milliseconds(500)).linear
            + Audio.noise(dbfs: -60, .seconds(1)).linear
        var generator = SeededGenerator(seed: 7)
        var position = 0
        while position < audio.count {
            let count = min(Int.random(in: 1...700, using: &generator), audio.count - position)
            let piece = Audio(format: .wideband, samples: audio[position..<position + count])
            harness.send(Frame(audio: piece, at: .zero + .samples(position, rate: 16_000)))
            position += count
        }
        let times = edges(try harness.finish()).map { ($0.time - .zero).milliseconds.rounded() }
        #expect(times == [1000, 1500])
    }

    @Test func endsSpeechAtTheEndOfTheInput() throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        harness.send(.silence(.seconds(1)))
        harness.send(.tone(.milliseconds(300)))
        #expect(edges(harness.takeOutput()).map(\.edge) == [.speechStarted])
        let rest = edges(try harness.finish())
        #expect(rest == [VoiceActivity(.speechStopped, at: .zero + .milliseconds(1300), probability: 0)])
    }

    @Test func endsSpeechWhenNoAudioComesForASecond() throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        harness.send(.silence(.seconds(1)))
        harness.send(.tone(.milliseconds(300)))
        harness.advance(by: .milliseconds(999))
        #expect(edges(harness.takeOutput()).count == 1)
        harness.advance(by: .milliseconds(1))
        #expect(edges(harness.takeOutput()).map(\.time) == [.zero + .milliseconds(1300)])
        harness.advance(by: .seconds(5))
        #expect(try harness.finish().isEmpty)
    }

    @Test func endsSpeechWhereAGapBegins() throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        harness.send(.silence(.seconds(1)))
        harness.send(.tone(.milliseconds(300)))
        harness.advance(by: .milliseconds(500))
        harness.send(.silence(.milliseconds(20)))
        #expect(edges(harness.takeOutput()).map(\.edge) == [.speechStarted, .speechStopped])
        _ = try harness.finish()
    }

    @Test func goesOnThroughAnInterruption() throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        harness.send(.silence(.seconds(1)))
        harness.send(.tone(.milliseconds(300)))
        harness.interrupt()
        harness.send(.tone(.milliseconds(300)))
        #expect(edges(try harness.finish()).map(\.edge) == [.speechStarted, .speechStopped])
    }

    @Test func followsAChangeOfRate() throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        harness.send(.silence(.seconds(1), format: .telephone))
        sendUtterance(harness)
        #expect(edges(try harness.finish()).map(\.time) == [.zero + .seconds(2), .zero + .milliseconds(2500)])
    }

    @Test func passesWhatItCannotHearAndSaysSoOnce() throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        let stereo = Audio.tone(.milliseconds(60), format: AudioFormat(rateHz: 16_000, channels: 2))
        harness.send(stereo)
        #expect(harness.takeOutput().count == 3)
        #expect(harness.events.errors.map(\.category) == [.badInput])
    }

    @Test func takesFramesWithoutSamples() throws {
        let harness = try ProcessorHarness(EnergyVAD(.template))
        harness.send(Frame(audio: Audio(format: .wideband, sampleCount: 0) { _ in }))
        #expect(try harness.finish().count == 1)
    }
}
