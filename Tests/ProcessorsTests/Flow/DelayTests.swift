// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct DelayTests {
    private func times(_ frames: [Frame]) -> [Double] { frames.map { ($0.mediaTime - .zero).milliseconds } }

    @Test func passesFramesInOrderAfterTheTime() throws {
        let harness = try ProcessorHarness(Delay(.with { $0.duration = .milliseconds(100) }))
        harness.send(Sentence("one"))
        harness.advance(by: .milliseconds(50))
        harness.send(Sentence("two"))
        harness.advance(by: .milliseconds(49))
        #expect(harness.takeOutput().isEmpty)
        harness.advance(by: .milliseconds(1))
        #expect(harness.take(Sentence.self) == [Sentence("one")])
        harness.advance(by: .milliseconds(50))
        #expect(harness.take(Sentence.self) == [Sentence("two")])
        #expect(try harness.finish().isEmpty)
    }

    @Test func keepsMediaTimeAndPassesUrgentFramesAtOnce() throws {
        let harness = try ProcessorHarness(Delay(.template))
        harness.send(.tone(.milliseconds(40)))
        harness.send(try #require(DTMF("1")))
        #expect(harness.takeOutput().map(\.frameType) == ["dtmf"])
        harness.advance(by: .milliseconds(200))
        #expect(times(harness.takeOutput()) == [0, 20])
        #expect(try harness.finish().isEmpty)
    }

    @Test func givesWhatItHoldsAtTheEnd() throws {
        let harness = try ProcessorHarness(Delay(.template))
        harness.send(Sentence("one"))
        #expect(try harness.finish().compactMap { $0[Sentence.self] } == [Sentence("one")])
    }

    @Test func forgetsWhatWaitsOfAnInterruptedReply() throws {
        let harness = try ReplyHarness(
            saying: .tone(.milliseconds(100)), Delay(.with { $0.duration = .milliseconds(50) }))
        harness.say()
        harness.interrupt()
        harness.pipeline.send(Transcript("heard"))
        harness.pipeline.advance(by: .seconds(1))
        #expect(harness.takeOutput().map(\.frameType) == ["transcript"])
        #expect(harness.finish().isEmpty)
    }

    @Test func holdsABoundedNumberOfFrames() throws {
        let harness = try ProcessorHarness(Delay(.with { $0.duration = .seconds(10) }))
        for number in 0..<1100 { harness.send(Sentence("\(number)")) }
        #expect(harness.take(Sentence.self).map(\.text) == (0..<76).map(String.init))
        #expect(try harness.finish().count == 1024)
    }

    @Test func passesAtOnceWithoutADelay() throws {
        let harness = try ProcessorHarness(Delay(.with { $0.duration = .zero }))
        harness.send(Sentence("one"))
        #expect(harness.take(Sentence.self) == [Sentence("one")])
        #expect(try harness.finish().isEmpty)
    }
}

@Suite struct EchoTests {
    @Test func sendsTheCallersAudioBack() throws {
        let harness = try ProcessorHarness(Echo(.with { $0.delay = .milliseconds(300) }))
        let audio = Audio.tone(.milliseconds(100))
        harness.send(audio)
        harness.advance(by: .milliseconds(219))
        #expect(harness.takeOutput().isEmpty)
        harness.advance(by: .milliseconds(81))
        let output = harness.takeOutput()
        #expect(output.samples == audio.linear)
        #expect(output.map(\.mediaTime) == (0..<5).map { .zero + .milliseconds(320 + 20 * $0) })
        #expect(output.allSatisfy { !$0.header.isReply })
        #expect(try harness.finish().isEmpty)
    }

    @Test func passesOtherFramesAtOnceAndTheRestAtTheEnd() throws {
        let harness = try ProcessorHarness(Echo(.with { $0.delay = .seconds(1) }))
        harness.send(.tone(.milliseconds(20)))
        harness.send(Sentence("words"))
        #expect(harness.takeOutput().map(\.frameType) == ["sentence"])
        #expect(try harness.finish().count == 1)
    }

    @Test func keepsSoundingThroughAnInterruption() throws {
        let harness = try ProcessorHarness(Echo(.with { $0.delay = .seconds(1) }))
        harness.send(.tone(.milliseconds(100)))
        harness.interrupt()
        #expect(try harness.finish().count == 5)
    }
}
