// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct TextSpeakerTests {
    private let log = FrameLog()

    private func harness(
        _ reply: FakeLanguageModel.Reply = .init(
            ["One ", "two ", "three."], firstToken: .zero, gap: .milliseconds(100))
    ) throws -> TextCallHarness {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(FakeLanguageModel(reply))
        builder.add(TextSpeaker(SpeakerParameters()))
        let log = log
        builder.add(Tap(log))
        return try TextCallHarness(builder.build())
    }

    private func ask(_ call: TextCallHarness, _ turn: Int = 1) {
        call.harness.send(ModelRequest(turn: TurnID(turn), messages: []))
    }

    private var events: [String] {
        log.frames.compactMap { $0[Playback.self] }.map { event in
            switch event {
            case .started(let turn, let time): "started \(turn) \(Int((time - .zero).milliseconds))"
            case .spoken(let words, _, let isComplete): "\(isComplete ? "spoken" : "cut") \(words.text)"
            case .stopped(let turn, let time, let isInterrupted):
                "\(isInterrupted ? "interrupted" : "stopped") \(turn) \(Int((time - .zero).milliseconds))"
            case .paused, .resumed: "paused"
            }
        }
    }

    @Test func tokensLeaveAsTheModelYieldsThemAndTheEndIsMarked() throws {
        let call = try harness()
        ask(call)
        call.harness.advance(by: .milliseconds(150))
        #expect(call.replies == [.init(tokens: ["One ", "two "])])
        call.harness.advance(by: .milliseconds(100))
        #expect(call.replies == [.init(tokens: ["One ", "two ", "three."], isComplete: true)])
        #expect(events == ["started 1 0"])
        call.harness.advance(by: .seconds(3))
        // Half a second, then 14 characters at 13 in a second.
        #expect(events == ["started 1 0", "spoken One two three.", "stopped 1 1576"])
    }

    @Test func theFarEndKnowsBetterWhenItIsDone() throws {
        let call = try harness()
        ask(call)
        call.harness.advance(by: .milliseconds(300))
        call.report(.finished)
        #expect(events.suffix(2) == ["spoken One two three.", "stopped 1 300"])
        call.report(.finished)
        call.interrupt(heard: "One")
        #expect(events.count == 3)
        #expect(!call.harness.events.all.contains { if case .interruption = $0.event { true } else { false } })
    }

    @Test func aReportThatNothingWasFinishedYetDoesNotEndTheReply() throws {
        let call = try harness(.init(["One ", "two ", "three."], firstToken: .zero, gap: .seconds(2)))
        ask(call)
        call.harness.advance(by: .milliseconds(1500))
        call.report(.finished)
        call.harness.advance(by: .milliseconds(3000))
        #expect(events.filter { $0.hasPrefix("stopped") }.isEmpty)
        call.harness.advance(by: .seconds(1))
        #expect(events == ["started 1 0", "spoken One two three.", "stopped 1 4961"])
    }

    @Test func anInterruptionCutsAtTheWordsThatTheFarEndReports() throws {
        let call = try harness()
        ask(call)
        call.harness.advance(by: .milliseconds(150))
        call.interrupt(heard: "One")
        call.harness.advance(by: .seconds(3))
        #expect(events == ["started 1 0", "spoken One", "interrupted 1 150"])
        #expect(call.replies == [.init(tokens: ["One ", "two "])])
        #expect(call.output.cleared.isEmpty)
        ask(call, 2)
        call.harness.advance(by: .seconds(3))
        #expect(call.replies.last == .init(tokens: ["One ", "two ", "three."], isComplete: true))
    }

    @Test func anInterruptionOfOurOwnIsToldAndCutsByThePaceOfSpeech() throws {
        let call = try harness()
        ask(call)
        call.harness.advance(by: .milliseconds(1000))
        call.harness.onLoop { $0.interrupt("test") }
        #expect(events == ["started 1 0", "spoken One", "interrupted 1 1000"])
        #expect(call.output.cleared == [.zero + .milliseconds(1000)])
    }

    @Test func anInterruptionBeforeTheFirstWordLeavesNothing() throws {
        let call = try harness(.init(["One"], firstToken: .seconds(1)))
        ask(call)
        call.harness.advance(by: .milliseconds(500))
        call.interrupt(heard: "Hello")
        call.harness.onLoop { $0.interrupt("test") }
        call.harness.advance(by: .seconds(2))
        #expect(events == ["interrupted 1 500"])
        #expect(call.replies.map(\.text) == [""])
        #expect(call.output.cleared.isEmpty)
    }

    @Test func aSecondReplyWaitsUntilTheFirstWasHeard() throws {
        let call = try harness()
        ask(call, 1)
        ask(call, 2)
        call.harness.advance(by: .milliseconds(1500))
        #expect(call.replies.count == 1)
        call.harness.advance(by: .milliseconds(100))
        #expect(call.replies.count == 2)
    }

    @Test func whatMustBeHeardWholeSurvivesInterruptionsButNotTheFarEnd() throws {
        let call = try harness()
        let session = call.harness
        session.send(Frame(ResponseStarted(turn: TurnID(1)), isUninterruptible: true))
        session.send(Frame(ModelText("This call is recorded."), isUninterruptible: true))
        session.send(Frame(ResponseEnded(turn: TurnID(1)), isUninterruptible: true))
        session.advance(by: .milliseconds(100))
        session.onLoop { $0.interrupt("test") }
        #expect(call.output.cleared.isEmpty)
        call.interrupt(heard: "This")
        #expect(events.suffix(2) == ["spoken This", "interrupted 1 100"])
    }

    @Test func theSessionEndsWhenGoodbyeWasHeard() throws {
        let call = try harness(.init(["Goodbye."], firstToken: .zero, endsSession: true))
        ask(call)
        call.harness.advance(by: .seconds(1))
        #expect(call.harness.events.report == nil)
        call.harness.advance(by: .milliseconds(200))
        #expect(call.harness.events.report?.reason.name == "agent_ended")
        #expect(call.output.closed.map(\.name) == ["agent_ended"])
    }

    @Test func textOutsideOfRepliesIsCompletedByAPause() throws {
        let call = try harness()
        call.harness.send(Sentence("Still there?"))
        call.harness.advance(by: .milliseconds(340))
        #expect(call.replies == [.init(tokens: ["Still there?"])])
        call.harness.advance(by: .milliseconds(20))
        #expect(call.replies == [.init(tokens: ["Still there?"], isComplete: true)])
        call.harness.advance(by: .seconds(2))
        #expect(events.last == "stopped 0 1500")
    }

    @Test func aHangUpReportsWhatWasHeard() throws {
        let call = try harness()
        ask(call)
        call.harness.advance(by: .milliseconds(1200))
        call.harness.end(.hungUp)
        #expect(events.suffix(2) == ["spoken One two", "interrupted 1 1200"])
    }

    @Test func audioIsRefused() throws {
        let call = try harness()
        call.harness.send(Audio(format: .wideband, samples: [Int16](repeating: 0, count: 320)))
        let report = try #require(call.harness.end())
        #expect(report.processors.first { $0.id == "text_speaker" }?.framesDropped == ["audio": 1])
    }
}
