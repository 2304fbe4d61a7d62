// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct SpeakerTests {
    private let output = RecordingOutput()
    private let played = FrameLog()

    private func harness(
        lead: Duration = .milliseconds(40), _ configure: (inout FakeTextToSpeech.Voice) -> Void = { _ in }
    ) throws -> PipelineHarness {
        var voice = FakeTextToSpeech.Voice()
        voice.firstChunk = .zero
        voice.gap = .zero
        configure(&voice)
        var parameters = SpeakerParameters()
        parameters.lead = lead
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        let (finalVoice, finalParameters, log) = (voice, parameters, played)
        builder.add(FakeTextToSpeech(finalVoice))
        builder.add(Speaker(finalParameters))
        builder.add(Tap(log))
        return try PipelineHarness(builder.build(), call: Call(id: "1", transport: "test", output: output))
    }

    private var events: [Playback] { played.frames.compactMap { $0[Playback.self] } }

    /// Milliseconds that were heard of each sentence, and whether it was heard whole.
    private var spoken: [String] {
        events.compactMap { event in
            guard case .spoken(let words, let heard, let isComplete) = event else { return nil }
            return "\(words.text) \(heard.milliseconds) \(isComplete ? "whole" : "cut")"
        }
    }

    private var passedOn: [Int16] {
        played.frames.compactMap(\.audio).flatMap { $0.withSamples(Array.init) }
    }

    private static func ramp(_ count: Int) -> [Int16] { (0..<count).map { Int16(truncatingIfNeeded: $0 + 1) } }

    // MARK: Pacing

    @Test(arguments: [20, 35, 60, 200], [7, 100, 400])
    func neverWritesMoreThanTheLeadAhead(lead: Int, chunk: Int) throws {
        let harness = try harness(lead: .milliseconds(lead)) { $0.chunk = .milliseconds(chunk) }
        harness.send(Sentence("twenty characters..."))
        harness.advance(by: .seconds(2))
        var end = MediaTime.zero
        for (piece, time) in output.written {
            #expect(piece.start == end)
            #expect(piece.start - time < .milliseconds(lead))
            #expect(piece.start >= time)
            #expect(piece.audio.duration <= .milliseconds(20))
            end = piece.end
        }
        #expect(end == MediaTime.zero + .seconds(1))
        #expect(output.heardSamples == passedOn)
    }

    @Test func audioThatComesAtTheVeryTimesOfTheBeatsIsPassedOnAsItIsHeard() throws {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        builder.add(Tap(played))
        let harness = try PipelineHarness(
            builder.build(), call: Call(id: "1", transport: "test", output: output))
        for _ in 0..<50 { harness.send(.silence(.milliseconds(20))) }
        #expect(passedOn.count >= 16_000 - 2 * 320)
        harness.end()
        #expect(passedOn.count == 16_000)
    }

    @Test func playsLateAudioWhenItComes() throws {
        let harness = try harness { voice in
            voice.chunk = .milliseconds(100)
            voice.gap = .milliseconds(150)
        }
        harness.send(Sentence("six..."))
        harness.advance(by: .seconds(2))
        #expect(
            output.heard.filter { $0.start.nanoseconds % 150_000_000 == 0 }.map(\.start.nanoseconds)
                == [0, 150_000_000, 300_000_000])
        #expect(spoken == ["six... 300.0 whole"])
    }

    // MARK: Interruption

    @Test func whatIsReportedIsWhatWasHeardAtAnyMomentOfInterruption() throws {
        for seed in 0..<150 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let test = SpeakerTests()
            let harness = try test.harness(lead: .milliseconds(Int.random(in: 20...150, using: &random))) { voice in
                voice.chunk = .milliseconds(Int.random(in: 3...90, using: &random))
                voice.gap = .milliseconds(Int.random(in: 0...30, using: &random))
            }
            harness.send(ResponseStarted(turn: TurnID(1)))
            for text in ["one", "two", "three"] { harness.send(Sentence(text)) }
            harness.send(ResponseEnded(turn: TurnID(1)))
            let moment = Duration.microseconds(Int.random(in: 1...540_000, using: &random))
            harness.advance(by: moment)
            harness.onLoop { $0.interrupt("test") }
            harness.advance(by: .seconds(1))
            test.checkCut(at: .zero + moment, seed: seed)
        }
    }

    private func checkCut(at moment: MediaTime, seed: UInt64) {
        var reported = 0
        for case .spoken(_, let heard, _) in events { reported += heard.sampleCount(rate: 16_000) }
        #expect(reported == output.heardSamples.count, "seed \(seed)")
        #expect(passedOn == output.heardSamples, "seed \(seed)")
        #expect(output.heard.allSatisfy { $0.end <= moment + .microseconds(32) }, "seed \(seed)")
        #expect(output.written.allSatisfy { $0.writtenAt <= moment }, "seed \(seed)")
        #expect(events.last == .stopped(turn: TurnID(1), time: moment, isInterrupted: true), "seed \(seed)")
    }

    @Test func uninterruptibleAudioIsHeardToItsEndAndTheNextReplyFollows() throws {
        let harness = try harness { $0.chunk = .seconds(1) }
        harness.send(Frame(Sentence("notice"), isUninterruptible: true))
        harness.send(Sentence("stale stale stale"))
        harness.advance(by: .milliseconds(100))
        harness.onLoop { $0.interrupt("test") }
        harness.send(Sentence("fresh"))
        harness.advance(by: .seconds(2))
        #expect(spoken == ["notice 300.0 whole", "fresh 250.0 whole"])
        let expected = [("notice", 4800), ("fresh", 4000)].flatMap { text, count in
            Array(repeating: FakeTextToSpeech.mark(of: text), count: count)
        }
        let isExact = output.heardSamples == expected
        #expect(isExact)
    }

    @Test func aNoticeThatIsStillBeingMadeIsReportedOnceItIsHeard() throws {
        let harness = try harness { $0.firstChunk = .milliseconds(50) }
        harness.send(Sentence("before"))
        harness.send(Frame(Sentence("notice"), isUninterruptible: true))
        harness.advance(by: .milliseconds(200))
        harness.onLoop { $0.interrupt("test") }
        harness.advance(by: .seconds(2))
        #expect(spoken == ["before 150.0 cut", "notice 300.0 whole"])
    }

    @Test func anInterruptedGoodbyeDoesNotEndTheSession() throws {
        let harness = try harness()
        harness.send(ResponseStarted(turn: TurnID(1)))
        harness.send(Sentence("goodbye"))
        harness.send(ResponseEnded(turn: TurnID(1), endsSession: true))
        harness.advance(by: .milliseconds(349))
        #expect(harness.events.report == nil)
        harness.onLoop { $0.interrupt("test") }
        harness.advance(by: .seconds(1))
        #expect(harness.events.report == nil)
        #expect(spoken == ["goodbye 349.0 cut"])
    }

    @Test func theSessionEndsWhenTheLastSampleOfTheGoodbyeIsHeard() throws {
        let harness = try harness()
        harness.send(ResponseStarted(turn: TurnID(1)))
        harness.send(Sentence("goodbye"))
        harness.send(ResponseEnded(turn: TurnID(1), endsSession: true))
        harness.advance(by: .seconds(1))
        #expect(harness.events.report?.duration == .milliseconds(350))
        #expect(output.heardSamples.count == 350 * 16)
    }

    @Test func nothingIsWrittenOnceThePeerIsGone() throws {
        let harness = try harness()
        harness.send(Frame(Sentence("a notice that takes long"), isUninterruptible: true))
        harness.send(Sentence("and more"))
        harness.advance(by: .milliseconds(100))
        harness.onLoop { $0.end(.hungUp) }
        let count = output.written.count
        harness.advance(by: .seconds(3))
        #expect(output.written.count == count)
        #expect(output.heardSamples.count == 100 * 16)
        #expect(spoken == ["a notice that takes long 100.0 cut"])
        #expect(harness.events.report?.duration == .milliseconds(100))
    }

    // MARK: Holding

    @Test func afterAPauseExactlyTheUnheardRestIsPlayed() throws {
        for seed in 0..<60 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let test = SpeakerTests()
            let harness = try test.harness(lead: .milliseconds(Int.random(in: 20...150, using: &random)))
            let ramp = Self.ramp(16_000)
            harness.send(Frame(audio: Audio(format: .wideband, samples: ramp)))
            for _ in 0..<4 {
                harness.advance(by: .microseconds(Int.random(in: 0...150_000, using: &random)))
                harness.send(PlaybackControl.pause)
                harness.advance(by: .microseconds(Int.random(in: 0...90_000, using: &random)))
                harness.send(PlaybackControl.resume)
            }
            harness.advance(by: .seconds(2))
            #expect(test.output.heardSamples == ramp, "seed \(seed)")
            #expect(test.passedOn == ramp, "seed \(seed)")
        }
    }

    @Test func nothingIsHeardWhileTheSoundIsHeld() throws {
        let harness = try harness()
        harness.send(Sentence("twenty characters..."))
        harness.advance(by: .milliseconds(110))
        harness.send(PlaybackControl.pause)
        harness.advance(by: .milliseconds(500))
        #expect(output.heardSamples.count == 110 * 16)
        harness.send(PlaybackControl.resume)
        harness.advance(by: .seconds(2))
        #expect(output.heardSamples.count == 1000 * 16)
        let began = output.heard.first { $0.start.nanoseconds > 110_000_000 }?.start
        #expect(began == MediaTime.zero + .milliseconds(610))
        #expect(events.filter { $0 == .paused(time: .zero + .milliseconds(110)) }.count == 1)
    }

    @Test func aSentenceThatIsCutWhileItIsHeldWasNotHeardWhole() throws {
        let harness = try harness()
        harness.send(ResponseStarted(turn: TurnID(1)))
        harness.send(Sentence("short"))
        harness.send(ResponseEnded(turn: TurnID(1)))
        harness.advance(by: .milliseconds(230))
        harness.send(PlaybackControl.pause)
        harness.advance(by: .milliseconds(100))
        harness.onLoop { $0.interrupt("test") }
        harness.advance(by: .seconds(1))
        #expect(spoken == ["short 230.0 cut"])
        #expect(output.heardSamples.count == 230 * 16)
    }

    @Test func theAgentIsSilentSomeTimeAfterItsLastSound() throws {
        let harness = try harness()
        harness.send(Sentence("hello"))
        harness.advance(by: .milliseconds(599))
        #expect(events.count == 1)
        harness.advance(by: .milliseconds(1))
        #expect(spoken == ["hello 250.0 whole"])
        #expect(events.last == .stopped(turn: TurnID(0), time: .zero + .milliseconds(600), isInterrupted: false))
    }
}
