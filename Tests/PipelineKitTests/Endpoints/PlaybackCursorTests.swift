// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// A far end that says later, or never, what was heard.
///
/// Touched by the thread that drives the harness.
private final class ConfirmingOutput: CallOutput, @unchecked Sendable {
    private let confirmed: (MediaTime) -> MediaTime
    private(set) var writtenEnd = MediaTime.zero
    private(set) var starts: [MediaTime] = []
    private(set) var clears = 0
    private var isCleared = false

    /// - Parameter confirmed: What the far end has said by a time, while anything is out.
    init(_ confirmed: @escaping (MediaTime) -> MediaTime) { self.confirmed = confirmed }

    func write(_ audio: Audio, at time: MediaTime) {
        starts.append(time)
        writtenEnd = time + audio.duration
        isCleared = false
    }

    func clear() {
        clears += 1
        isCleared = true
    }

    func heard(at now: MediaTime) -> MediaTime {
        let time = confirmed(now)
        return isCleared || time >= writtenEnd ? now : time
    }
}

@Suite struct PlaybackCursorTests {
    private let played = FrameLog()

    private func harness(_ output: ConfirmingOutput, lead: Duration? = nil) throws -> PipelineHarness {
        var voice = FakeTextToSpeech.Voice()
        voice.firstChunk = .zero
        voice.gap = .zero
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        let finalVoice = voice
        builder.add(FakeTextToSpeech(finalVoice))
        builder.add(Speaker(SpeakerParameters()))
        let log = played
        builder.add(Tap(log))
        return try PipelineHarness(
            builder.build(), call: Call(id: "1", transport: "test", lead: lead, output: output))
    }

    /// Says one sentence of a second, as a reply of its own.
    private func speak(_ harness: PipelineHarness, endsSession: Bool = false) {
        harness.send(ResponseStarted(turn: TurnID(1)))
        harness.send(Sentence("twenty characters..."))
        harness.send(ResponseEnded(turn: TurnID(1), endsSession: endsSession))
    }

    private var spoken: [String] {
        played.frames.compactMap { frame in
            guard case .spoken(_, let heard, let isComplete) = frame[Playback.self] else { return nil }
            return "\(heard.milliseconds) \(isComplete ? "whole" : "cut") at \(frame.mediaTime)"
        }
    }

    private var stopped: [MediaTime] {
        played.frames.compactMap { frame in
            guard case .stopped(_, let time, _) = frame[Playback.self] else { return nil }
            return time
        }
    }

    private var passedOn: Duration {
        played.frames.compactMap(\.audio).reduce(Duration.zero) { $0 + $1.duration }
    }

    @Test(arguments: [0, 7, 120, 300, 1500])
    func aFarEndThatLagsPutsOffTheEndAndNotTheSending(lag: Int) throws {
        let output = ConfirmingOutput { $0 - .milliseconds(lag) }
        let harness = try harness(output)
        speak(harness)
        harness.advance(by: .milliseconds(1000 + lag - 1))
        #expect(spoken == [] && stopped == [])
        #expect(output.starts == (0..<50).map { .zero + .milliseconds(20 * $0) })
        harness.advance(by: .milliseconds(21))
        #expect(spoken.count == 1 && spoken[0].hasPrefix("1000.0 whole"))
        #expect(stopped.count == 1 && passedOn == .seconds(1))
    }

    @Test(arguments: [50, 299, 300, 301, 640, 999, 1200])
    func aReplyIsCutWhereTheFarEndHeardIt(moment: Int) throws {
        let lag = 300
        let output = ConfirmingOutput { $0 - .milliseconds(lag) }
        let harness = try harness(output)
        speak(harness)
        harness.advance(by: .milliseconds(moment))
        harness.onLoop { $0.interrupt("test") }
        harness.advance(by: .seconds(3))
        let heard = max(0, moment - lag)
        #expect(spoken == (heard == 0 ? [] : ["\(Double(heard)) cut at \(MediaTime.zero + .milliseconds(moment))"]))
        #expect(passedOn == .milliseconds(heard))
        #expect(output.clears == 1 && stopped == [.zero + .milliseconds(moment)])
    }

    @Test func marksThatComeInStepsCutAtTheLastStep() throws {
        let step = Int64(250_000_000)
        let output = ConfirmingOutput { MediaTime(nanoseconds: $0.nanoseconds / step * step) }
        let harness = try harness(output)
        speak(harness)
        harness.advance(by: .milliseconds(740))
        #expect(passedOn == .milliseconds(500))
        harness.onLoop { $0.interrupt("test") }
        harness.advance(by: .seconds(1))
        #expect(spoken == ["500.0 cut at 0.740s"])
    }

    @Test func aLostMarkHoldsNoCall() throws {
        let output = ConfirmingOutput { min($0, .zero + .milliseconds(400)) }
        let harness = try harness(output)
        speak(harness, endsSession: true)
        harness.advance(by: .milliseconds(2999))
        #expect(spoken == [] && harness.events.report == nil)
        harness.advance(by: .milliseconds(30))
        #expect(spoken.map { $0.prefix(12) } == ["1000.0 whole"])
        #expect(harness.events.report?.reason.name == "agent_ended")
    }

    @Test func whatCountsAsHeardIsTakenBackAllTheSame() throws {
        let output = ConfirmingOutput { _ in .zero }
        let harness = try harness(output)
        speak(harness)
        harness.advance(by: .seconds(4))
        #expect(stopped.count == 1 && output.clears == 0)
        harness.onLoop { $0.interrupt("test") }
        #expect(output.clears == 1)
    }

    @Test func aPauseRepeatsWhatTheFarEndDidNotHear() throws {
        let output = ConfirmingOutput { $0 - .milliseconds(200) }
        let harness = try harness(output)
        speak(harness)
        harness.advance(by: .milliseconds(500))
        harness.send(PlaybackControl.pause)
        #expect(passedOn == .milliseconds(300))
        harness.advance(by: .milliseconds(100))
        harness.send(PlaybackControl.resume)
        harness.advance(by: .seconds(2))
        #expect(passedOn == .seconds(1) && spoken.map { $0.prefix(12) } == ["1000.0 whole"])
        #expect(output.writtenEnd == .zero + .milliseconds(600 + 700))
    }

    @Test func theTransportsLeadComesBeforeThePipelines() throws {
        let output = ConfirmingOutput { $0 }
        let harness = try harness(output, lead: .milliseconds(160))
        speak(harness)
        harness.advance(by: .zero)
        #expect(output.writtenEnd == .zero + .milliseconds(160))
        harness.advance(by: .milliseconds(500))
        #expect(output.writtenEnd == .zero + .milliseconds(660))
    }
}
