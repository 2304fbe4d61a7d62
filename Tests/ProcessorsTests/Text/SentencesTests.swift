// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct SentencesTests {
    private func harness(_ change: (inout Sentences.Parameters) -> Void = { _ in }) throws -> ProcessorHarness {
        var parameters = Sentences.Parameters.template
        change(&parameters)
        let copy = parameters
        return try ProcessorHarness(Sentences(copy))
    }

    @Test func keepsTheOrderOfTextAndEnd() throws {
        let harness = try harness()
        harness.send(ResponseStarted(turn: TurnID(1)))
        for token in ["Good", " morning.", " How", " can I", " help?"] { harness.send(ModelText(token)) }
        harness.send(ResponseEnded(turn: TurnID(1)))
        let frames = harness.takeOutput()
        #expect(frames.map(\.frameType) == ["response_started", "sentence", "sentence", "response_ended"])
        #expect(frames.compactMap { $0[Sentence.self]?.text } == ["Good morning.", "How can I help?"])
        #expect(try harness.finish().isEmpty)
    }

    @Test func speaksACompleteSentenceWhenTheModelPauses() throws {
        let harness = try harness()
        harness.send(ModelText("One moment."))
        harness.send(ModelText(""))
        harness.advance(by: .milliseconds(399))
        #expect(harness.takeOutput().isEmpty)
        harness.advance(by: .milliseconds(1))
        #expect(harness.take(Sentence.self) == [Sentence("One moment.")])
        harness.send(ModelText(" It is in"))
        harness.advance(by: .seconds(5))
        #expect(harness.takeOutput().isEmpty)
        harness.send(ModelText(" 1980."))
        harness.advance(by: .seconds(1))
        #expect(harness.take(Sentence.self) == [Sentence("It is in 1980.")])
        #expect(try harness.finish().isEmpty)
    }

    @Test func dropsWhatIsHeldAtAnInterruption() throws {
        let harness = try harness()
        harness.send(ModelText("One moment. I"))
        #expect(harness.take(Sentence.self) == [Sentence("One moment.")])
        harness.interrupt()
        harness.send(ModelText("Yes."))
        harness.advance(by: .seconds(1))
        #expect(harness.take(Sentence.self) == [Sentence("Yes.")])
        #expect(try harness.finish().isEmpty)
    }

    @Test func givesLateSentencesTheEpochOfTheirText() throws {
        let harness = try harness()
        harness.interrupt()
        harness.send(ModelText("One moment."))
        harness.advance(by: .seconds(1))
        let frame = try #require(harness.takeOutput().first)
        #expect(frame.header.isReply)
        #expect(frame.header.epoch == TurnEpoch(1))
        #expect(try harness.finish().isEmpty)
    }

    @Test func releasesTheRestWhenTheInputEnds() throws {
        let harness = try harness()
        harness.send(ModelText("Good bye"))
        #expect(try harness.finish().compactMap { $0[Sentence.self] } == [Sentence("Good bye")])
    }

    @Test func passesEverythingElse() throws {
        let harness = try harness()
        harness.send(.tone(.milliseconds(20)))
        harness.send(TurnStarted(turn: TurnID(3)))
        #expect(harness.takeOutput().map(\.frameType) == ["audio", "turn_started"])
        #expect(try harness.finish().isEmpty)
    }
}
