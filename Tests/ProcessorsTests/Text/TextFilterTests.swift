// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct TextFilterTests {
    @Test func filtersAcrossPieces() throws {
        let harness = try ProcessorHarness(TextFilter(.template))
        harness.send(ResponseStarted(turn: TurnID(1)))
        for piece in ["This is *", "*ver", "y** go", "od 👍."] { harness.send(ModelText(piece)) }
        harness.send(ModelText(" *"))
        harness.send(ResponseEnded(turn: TurnID(1)))
        let frames = harness.takeOutput()
        #expect(frames.first?.frameType == "response_started")
        #expect(frames.last?.frameType == "response_ended")
        #expect(frames.compactMap { $0[ModelText.self]?.text }.joined() == "This is very good . ")
        #expect(try harness.finish().isEmpty)
    }

    @Test func dropsWhatIsHeldAtAnInterruption() throws {
        let harness = try ProcessorHarness(TextFilter(.template))
        harness.send(ModelText("See [this](http://exa"))
        harness.interrupt()
        harness.send(ModelText("mple) text"))
        harness.send(ResponseEnded(turn: TurnID(1)))
        #expect(harness.take(ModelText.self).map(\.text).joined() == "See thismple) text")
        #expect(try harness.finish().isEmpty)
    }

    @Test func releasesWhatIsHeldWhenTheInputEnds() throws {
        let harness = try ProcessorHarness(TextFilter(.template))
        harness.send(ModelText("Yes!"))
        #expect(try harness.finish().compactMap { $0[ModelText.self]?.text }.joined() == "Yes!")
    }

    @Test func speaksMarkdownInSentences() throws {
        var builder = PipelineBuilder()
        let log = FrameLog()
        builder.add(TextFilter(.template))
        builder.add(Sentences(.template))
        builder.add(Tap(log))
        let harness = try PipelineHarness(builder.build())
        harness.send(ModelText("## Plan\n- **Buy** 3.5 l of milk. Now!\n- See [this](http://a.b/c.d)."))
        harness.send(ResponseEnded(turn: TurnID(1)))
        #expect(
            log.frames.compactMap { $0[Sentence.self]?.text } == ["Plan", "Buy 3.5 l of milk.", "Now!", "See this."])
    }
}
