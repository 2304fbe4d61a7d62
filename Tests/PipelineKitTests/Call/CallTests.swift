// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// A whole call made of doubles.
@Suite struct CallTests {
    private let output = RecordingOutput()
    private let upstream = FrameLog()
    private let played = FrameLog()
    private let heardByRecogniser = FrameLog()

    private func harness(_ reply: FakeLanguageModel.Reply) throws -> PipelineHarness {
        var builder = PipelineBuilder("call")
        builder.add(Caller(NoParameters()))
        builder.add(FakeVoiceActivity(hangover: .milliseconds(100)))
        builder.add(TestTurns(NoParameters()))
        let log = heardByRecogniser
        builder.add(FakeSpeechToText(says: "hello", "stop", after: .milliseconds(300), log: log))
        builder.add(TestContext(NoParameters()))
        builder.add(FakeLanguageModel(reply))
        builder.add(TestSentences(NoParameters()))
        builder.add(FakeTextToSpeech(FakeTextToSpeech.Voice()))
        builder.add(Speaker(SpeakerParameters()))
        let played = played
        builder.add(Tap(played))
        return try PipelineHarness(
            builder.build(), call: Call(id: "test", transport: "harness", output: output))
    }

    private var spoken: [Playback] { played.frames.compactMap { $0[Playback.self] } }

    @Test func answersAnUtteranceAndAddsUpWhereTheTimeWent() throws {
        let harness = try harness(.init(["Good morning."]))
        harness.play(ScriptedCaller(.at(.zero, .speak(.milliseconds(500)))), for: .seconds(3))
        let words = SpokenWords(
            "Good morning.",
            words: [
                TimedWord("Good", start: .zero, end: .milliseconds(200)),
                TimedWord("morning.", start: .milliseconds(250), end: .milliseconds(650)),
            ])
        // 500 speech, 100 hangover, 300 transcription, 200 model, 100 synthesis.
        let begin = MediaTime(nanoseconds: 1_200_000_000)
        #expect(
            spoken == [
                .started(turn: TurnID(1), time: begin),
                .spoken(words, heard: .milliseconds(650), isComplete: true),
                .stopped(turn: TurnID(1), time: begin + .milliseconds(650), isInterrupted: false),
            ])
        #expect(output.heard.first?.start == begin)
        let mark = FakeTextToSpeech.mark(of: "Good morning.")
        #expect(output.heardSamples.elementsEqual(repeatElement(mark, count: 10_400)))
        let record = try #require(harness.events.turns.first)
        #expect(record.gap == .milliseconds(700))
        #expect(record.parts.map(\.duration).reduce(.zero, +) == record.gap)
        #expect(record.parts.first { $0.name == "transcription" }?.duration == .milliseconds(300))
        #expect(harness.end()?.reason.name == "input_ended")
    }

    @Test func theCallerBreaksIntoTheReply() throws {
        let harness = try harness(.init(["One two three four five six seven.", "Never."]))
        harness.play(
            ScriptedCaller(
                .at(.zero, .speak(.milliseconds(500))), .at(.milliseconds(1500), .speak(.milliseconds(400)))),
            for: .milliseconds(2000))
        // Speech at 1500 is in a frame that is complete at 1520; the reply began at 1200.
        #expect(output.cleared == [MediaTime(nanoseconds: 1_520_000_000)])
        let cut = spoken.compactMap { event -> Duration? in
            if case .spoken(_, let heard, false) = event { heard } else { nil }
        }
        #expect(cut == [.milliseconds(320)])
        #expect(output.heardSamples.count == 320 * 16)
        #expect(
            spoken.last == .stopped(turn: TurnID(1), time: MediaTime(nanoseconds: 1_520_000_000), isInterrupted: true))
    }

    @Test func everyFrameOfTheCallerReachesTheRecogniser() throws {
        let harness = try harness(.init(["All right."]))
        harness.play(ScriptedCaller(.at(.zero, .speak(.milliseconds(500)))), for: .seconds(2))
        let times = heardByRecogniser.frames.map(\.mediaTime.nanoseconds)
        #expect(times == (0..<100).map { Int64($0) * 20_000_000 })
    }

    @Test func endsOnceTheGoodbyeHasBeenHeard() throws {
        let harness = try harness(.init(["Goodbye."], endsSession: true))
        harness.play(ScriptedCaller(.at(.zero, .speak(.milliseconds(500)))), for: .seconds(3))
        #expect(harness.events.report?.reason.name == "agent_ended")
        #expect(harness.events.report?.duration == .milliseconds(1600))
        #expect(output.heardSamples.count == 400 * 16)
        #expect(output.closed.map(\.name) == ["agent_ended"])
    }

    @Test func hangingUpEndsTheCallAtOnce() throws {
        let harness = try harness(.init(["A reply that nobody hears to its end."]))
        harness.play(
            ScriptedCaller(.at(.zero, .speak(.milliseconds(500))), .at(.milliseconds(1400), .hangUp)), for: .seconds(3))
        #expect(harness.events.report?.reason.name == "hung_up")
        #expect(harness.events.report?.duration == .milliseconds(1400))
        #expect(output.closed.map(\.name) == ["hung_up"])
        #expect(output.heardSamples.count == 200 * 16)
    }

    @Test func aBrokenLineLeavesAGap() throws {
        let harness = try harness(.init(["All right."]))
        harness.play(ScriptedCaller(.at(.milliseconds(40), .pause(.milliseconds(60)))), for: .milliseconds(160))
        let times = heardByRecogniser.frames.map(\.mediaTime.nanoseconds)
        #expect(times == [0, 20, 100, 120, 140].map { $0 * 1_000_000 })
    }

    @Test func theCallsObserverIsToldWhatTheProcessIsTold() throws {
        let log = EventLog()
        var builder = PipelineBuilder("call")
        builder.add(Caller(NoParameters()))
        builder.add(FakeVoiceActivity(hangover: .milliseconds(100)))
        builder.add(TestTurns(NoParameters()))
        let call = Call(id: "test", transport: "harness", observer: log)
        let harness = try PipelineHarness(builder.build(), call: call)
        harness.play(ScriptedCaller(.at(.zero, .speak(.milliseconds(200)))), for: .milliseconds(500))
        harness.end()
        let names = { (log: EventLog) in log.all.map { "\($0.time) \($0.event)".prefix(40) } }
        #expect(!names(log).isEmpty)
        #expect(names(log) == names(harness.events))
        #expect(log.report?.reason.name == "input_ended")
    }

    @Test func keysAndTypedWordsComeThrough() throws {
        let harness = try harness(.init(["All right."]))
        harness.play(
            ScriptedCaller(.at(.zero, .press("5")), .at(.milliseconds(30), .type("hello there"))),
            for: .milliseconds(60))
        #expect(played.frames.compactMap { $0[DTMF.self]?.digit } == ["5"])
        #expect(played.frames.compactMap { $0[Transcript.self]?.text } == ["hello there"])
    }
}
