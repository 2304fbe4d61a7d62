// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct GainTests {
    private func gain(_ decibels: Double) -> Gain {
        Gain(.with { $0.gain = decibels })
    }

    @Test func scalesAndClips() throws {
        let harness = try ProcessorHarness(gain(20 * 0.301_029_995_663_981))
        harness.send(Frame(audio: Audio(format: .wideband, samples: [1, -2, 100, 20_000, -20_000])))
        #expect(harness.takeSamples() == [2, -4, 200, 32_767, -32_768])
        #expect(try harness.finish().isEmpty)
    }

    @Test func passesAtZero() throws {
        let harness = try ProcessorHarness(gain(0))
        let audio = Audio.tone(.milliseconds(20))
        harness.send(Frame(audio: audio, at: .zero + .milliseconds(5)))
        let output = harness.takeOutput()
        #expect(output.audio == [audio])
        #expect(output.map(\.mediaTime) == [.zero + .milliseconds(5)])
        _ = try harness.finish()
    }

    @Test func passesWhatIsNotLinear() throws {
        let harness = try ProcessorHarness(gain(6))
        let codes = Audio.tone(.milliseconds(20), format: .telephone).encoded(.ulaw)
        harness.send(Frame(audio: codes))
        harness.send(Sentence("words"))
        #expect(harness.takeOutput().map(\.frameType) == ["audio", "sentence"])
        #expect(try harness.finish().isEmpty)
    }
}

@Suite struct LevelMeterTests {
    private func figures(_ harness: ProcessorHarness) -> [String] {
        harness.events.all.compactMap { entry in
            guard case .metric(let name, let value) = entry.event else { return nil }
            return "\(name) \(Int(value.rounded()))"
        }
    }

    @Test func reportsEachIntervalAndTheRest() throws {
        let parameters = LevelMeter.Parameters.with {
            $0.interval = .milliseconds(100)
            $0.prefix = "in_"
        }
        let harness = try ProcessorHarness(LevelMeter(parameters))
        harness.send(.tone(dbfs: -20, .milliseconds(100)))
        #expect(figures(harness) == ["in_level_dbfs -20", "in_peak_dbfs -17"])
        harness.send(.silence(.milliseconds(60)))
        #expect(try harness.finish().count == 8)
        #expect(figures(harness).suffix(2) == ["in_level_dbfs -120", "in_peak_dbfs -120"])
    }

    @Test func reportsNothingOfNothing() throws {
        let harness = try ProcessorHarness(LevelMeter(.template))
        harness.send(Frame(audio: Audio(format: .wideband, sampleCount: 0) { _ in }))
        harness.send(Frame(audio: Audio(format: .wideband, sampleCount: 5, byteCount: 1) { _ in }))
        #expect(try harness.finish().count == 2)
        #expect(figures(harness).isEmpty)
    }
}
