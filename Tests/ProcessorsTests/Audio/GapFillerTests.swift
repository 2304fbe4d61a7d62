// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

private func ends(_ frames: [Frame]) -> [Double] { frames.map { ($0.endTime - .zero).milliseconds } }

/// Whether each frame begins where the one before it ends.
private func isContinuous(_ frames: [Frame]) -> Bool {
    zip(frames, frames.dropFirst()).allSatisfy { abs(($1.mediaTime - $0.endTime).nanoseconds) < 100 }
}

@Suite struct GapFillerTests {
    @Test func passesAStreamWithoutHoles() throws {
        let harness = try ProcessorHarness(GapFiller(.template))
        let audio = Audio.tone(.milliseconds(200))
        harness.send(audio)
        let output = try harness.finish()
        #expect(output.samples == audio.linear)
        #expect(output.count == 10)
    }

    @Test func fillsAGapInMediaTimeBySampleCount() throws {
        let harness = try ProcessorHarness(GapFiller(.template))
        harness.send(Frame(audio: .tone(.milliseconds(20)), at: .zero))
        harness.send(Frame(audio: .tone(.milliseconds(20)), at: .zero + .milliseconds(75)))
        let output = try harness.finish()
        #expect(isContinuous(output))
        #expect(output.samples.count == 95 * 16)
        #expect(output.samples[320..<1200].allSatisfy { $0 == 0 })
    }

    @Test func takesSilenceForFramesThatDoNotCome() throws {
        let harness = try ProcessorHarness(GapFiller(.template))
        harness.send(.tone(.milliseconds(100)))
        #expect(harness.takeOutput().count == 5)
        harness.advance(by: .milliseconds(99))
        #expect(harness.takeOutput().isEmpty)
        harness.advance(by: .milliseconds(1))
        let first = harness.takeOutput()
        #expect(ends(first) == [120, 140, 160, 180])
        harness.advance(by: .milliseconds(60))
        #expect(ends(harness.takeOutput()) == [200, 220, 240])
        harness.send(.tone(.milliseconds(20)))
        let output = try harness.finish()
        #expect(ends(output) == [260, 280])
        #expect(output.last?.audio == .tone(.milliseconds(20)))
    }

    @Test func dropsWhatComesForAPlaceThatWasFilled() throws {
        let harness = try ProcessorHarness(GapFiller(.template))
        harness.send(.tone(.milliseconds(20)))
        harness.advance(by: .milliseconds(110))
        #expect(ends(harness.takeOutput()) == [20, 40, 60, 80, 100])
        harness.send(Frame(audio: .tone(.milliseconds(20)), at: .zero + .milliseconds(20)))
        harness.send(Frame(audio: .tone(.milliseconds(20)), at: .zero + .milliseconds(90)))
        let output = try harness.finish()
        #expect(output.map(\.mediaTime) == [.zero + .milliseconds(100)])
        #expect(output.samples == Array(Audio.tone(.milliseconds(20)).linear[160...]))
        #expect(harness.drops("late") == 2)
    }

    @Test func fillsWithTheCodeOfSilence() throws {
        let harness = try ProcessorHarness(GapFiller(.template))
        let codes = Audio.tone(.milliseconds(20), format: .telephone).encoded(.alaw)
        harness.send(Frame(audio: codes, at: .zero))
        harness.send(Frame(audio: codes, at: .zero + .milliseconds(40)))
        let output = try harness.finish()
        #expect(output.count == 3)
        #expect(output[1].audio?.withBytes { $0.allSatisfy { $0 == 0xD5 } } == true)
    }

    @Test func beginsAnewAfterALongGapAndWithAnotherFormat() throws {
        let harness = try ProcessorHarness(GapFiller(.template))
        harness.send(Frame(audio: .tone(.milliseconds(20)), at: .zero))
        harness.send(Frame(audio: .tone(.milliseconds(20)), at: .zero + .seconds(3600)))
        harness.send(Frame(audio: .tone(.milliseconds(20), format: .telephone), at: .zero + .seconds(1)))
        #expect(try harness.finish().count == 3)
    }

    @Test func leavesRepliesAlone() throws {
        let harness = try ReplyHarness(saying: .tone(.milliseconds(40)), GapFiller(.template))
        harness.say()
        harness.pipeline.advance(by: .seconds(1))
        harness.say()
        #expect(harness.finish().count == 4)
    }
}
