// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct ToneTests {
    @Test func soundsAsItIsTold() throws {
        let harness = try ProcessorHarness(
            Processors.Tone(
                .with {
                    $0.frequency = 1000
                    $0.level = -10
                    $0.duration = .milliseconds(90)
                }))
        harness.advance(by: .milliseconds(19))
        #expect(harness.takeOutput().isEmpty)
        harness.advance(by: .milliseconds(1))
        let first = harness.takeOutput()
        #expect(first.map(\.mediaTime) == [.zero])
        harness.advance(by: .seconds(1))
        let output = first + harness.takeOutput()
        #expect(output.audio.map(\.sampleCount) == [320, 320, 320, 320, 160])
        #expect(output.samples == Audio.tone(dbfs: -10, hz: 1000, .milliseconds(90)).linear)
        #expect(try harness.finish().isEmpty)
    }

    @Test func goesOnUntilTheEnd() throws {
        let harness = try ProcessorHarness(Processors.Tone(.template))
        harness.advance(by: .seconds(10))
        let output = harness.takeOutput()
        #expect(output.count == 500)
        #expect(output.last?.endTime == .zero + .seconds(10))
        #expect(try harness.finish().isEmpty)
    }

    @Test func passesWhatComesInThroughAnInterruption() throws {
        let harness = try ProcessorHarness(Processors.Tone(.with { $0.duration = .zero }))
        harness.send(.silence(.milliseconds(40)))
        harness.interrupt()
        harness.send(Sentence("words"))
        #expect(try harness.finish().count == 3)
    }
}
