// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// Two sources, a mixer behind them.
private struct MixerHarness {
    let pipeline: PipelineHarness
    private let log = FrameLog()

    init() throws {
        var builder = PipelineBuilder("mix")
        builder.add(Caller(NoParameters()), id: "first")
        builder.add(Voice(.tone(.milliseconds(40))), id: "second", after: [])
        builder.add(Mixer(.template), after: ["first", "second"], onError: .continue)
        let log = log
        builder.add(Tap(log))
        pipeline = try PipelineHarness(builder.build())
    }

    func send(_ value: Int16, count: Int, at milliseconds: Int, source: Int) {
        let audio = Audio(format: .wideband, samples: [Int16](repeating: value, count: count))
        pipeline.send(Frame(audio: audio, at: .zero + .milliseconds(milliseconds)), source: source)
    }

    func take() -> [Frame] { log.take() }

    func finish() -> [Frame] {
        pipeline.end()
        return log.take()
    }

    var drops: [String: Int] {
        pipeline.events.report?.processors.first { $0.id == "mixer" }?.framesDropped ?? [:]
    }
}

private func values(_ frames: [Frame]) -> [Int16] { frames.compactMap { $0.audio?.linear.first } }

@Suite struct MixerTests {
    @Test func addsUpWhatLiesAtTheSameTime() throws {
        let harness = try MixerHarness()
        harness.send(100, count: 320, at: 40, source: 0)
        harness.send(20, count: 320, at: 40, source: 1)
        harness.send(100, count: 320, at: 60, source: 0)
        harness.send(30, count: 320, at: 60, source: 1)
        let output = harness.take() + harness.finish()
        #expect(values(output).suffix(1) == [130])
        #expect(output.samples.reduce(0) { $0 + Int($1) } == 320 * 250)
        #expect(output.map(\.mediaTime) == [.zero + .milliseconds(40), .zero + .milliseconds(60)])
    }

    @Test func clipsTheSum() throws {
        let harness = try MixerHarness()
        harness.send(30_000, count: 160, at: 0, source: 0)
        harness.send(30_000, count: 160, at: 0, source: 1)
        #expect(values(harness.finish()) == [32_767])
    }

    @Test func waitsForTheOtherInputOnlySoLong() throws {
        let harness = try MixerHarness()
        harness.send(1, count: 320, at: 0, source: 0)
        harness.send(1, count: 320, at: 0, source: 1)
        _ = harness.take()
        for index in 1...3 { harness.send(2, count: 320, at: 20 * index, source: 0) }
        #expect(harness.take().isEmpty)
        harness.send(2, count: 320, at: 80, source: 0)
        #expect(values(harness.take()) == [2, 2, 2, 2])
        harness.send(2, count: 320, at: 100, source: 0)
        #expect(values(harness.take()) == [2])
        harness.send(9, count: 320, at: 20, source: 1)
        #expect(harness.finish().isEmpty)
        #expect(harness.drops == ["late": 1])
    }

    @Test func forgetsTheReplyThatWasInterrupted() throws {
        let harness = try MixerHarness()
        harness.pipeline.send(Sentence("words"), source: 1)
        harness.send(7, count: 160, at: 40, source: 0)
        _ = harness.take()
        harness.pipeline.onLoop { $0.interrupt("test") }
        #expect(harness.finish().allSatisfy { !$0.header.isReply })
    }

    @Test func staysBoundedWhenMediaTimeJumps() throws {
        let harness = try MixerHarness()
        harness.send(1, count: 320, at: 0, source: 0)
        harness.send(1, count: 320, at: 36_000_000, source: 0)
        let output = harness.finish()
        #expect(output.samples.count <= 640)
    }

    @Test func refusesAnotherFormat() throws {
        let harness = try MixerHarness()
        harness.pipeline.send(Frame(audio: .tone(.milliseconds(20), format: .telephone)))
        #expect(harness.finish().isEmpty)
        #expect(harness.drops == ["format": 1])
    }
}
