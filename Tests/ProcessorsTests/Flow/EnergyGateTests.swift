// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct EnergyGateTests {
    @Test func staysOpenForTheHangover() throws {
        let harness = try ProcessorHarness(EnergyGate(.template))
        harness.send(.tone(dbfs: -20, .milliseconds(20)))
        harness.send(.silence(.milliseconds(200)))
        #expect(harness.takeOutput().count == 11)
        harness.send(.silence(.milliseconds(20)))
        #expect(try harness.finish().isEmpty)
        #expect(harness.drops("quiet") == 1)
    }

    @Test(arguments: [(-44.9, 1), (-45.1, 0)]) func opensAtTheThreshold(_ level: Double, _ count: Int) throws {
        let harness = try ProcessorHarness(EnergyGate(.template))
        harness.send(Frame(audio: .tone(dbfs: level, hz: 1000, .milliseconds(20))))
        #expect(try harness.finish().count == count)
    }

    @Test func passesOtherFramesWhileItIsShut() throws {
        let harness = try ProcessorHarness(EnergyGate(.template))
        harness.send(.silence(.milliseconds(20)))
        harness.send(Sentence("words"))
        harness.send(Frame(audio: Audio.silence(.milliseconds(20), format: .telephone).encoded(.ulaw)))
        #expect(try harness.finish().map(\.frameType) == ["sentence", "audio"])
    }

    @Test func closesAfterAGap() throws {
        let harness = try ProcessorHarness(EnergyGate(.template))
        harness.send(.tone(.milliseconds(20)))
        harness.advance(by: .seconds(1))
        harness.send(.silence(.milliseconds(20)))
        #expect(try harness.finish().count == 1)
    }

    @Test func followsAChangeOfFormatAndAnInterruption() throws {
        let harness = try ProcessorHarness(EnergyGate(.template))
        harness.send(.tone(.milliseconds(20)))
        harness.interrupt()
        harness.send(.silence(.milliseconds(20), format: AudioFormat(rateHz: 48_000, channels: 2)))
        harness.send(Frame(audio: Audio(format: .wideband, sampleCount: 0) { _ in }, at: harness.now))
        #expect(try harness.finish().count == 3)
    }
}
