// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// Pauses the speaker at a moment, and lets it go on later.
private struct Pauser: Processor {
    static let name = "pauser"
    static let summary = "Pauses the speaker at a moment."

    private let pause: Duration

    init(_ parameters: NoParameters) { pause = .zero }
    init(at pause: Duration) { self.pause = pause }

    mutating func start(_ context: inout ProcessorContext) {
        context.wake(at: context.now + pause, id: 0)
        context.wake(at: context.now + pause + .milliseconds(500), id: 1)
    }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }

    mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        context.emit(id == 0 ? PlaybackControl.pause : .resume)
    }
}

@Suite struct SpeakerPauseTests {
    /// The reply lasts 100 ms; a pause at its very end comes before the speaker has noticed the end.
    @Test(arguments: [0, 37, 80, 99, 100, 101, 300])
    func endsAReplyThatWasPausedAtAnyMoment(milliseconds: Int) throws {
        let log = FrameLog()
        var builder = PipelineBuilder()
        builder.add(Pauser(at: .milliseconds(milliseconds)))
        builder.add(Speaker(SpeakerParameters()))
        builder.add(Tap(log))
        let harness = try PipelineHarness(builder.build())
        harness.send(ResponseStarted(turn: TurnID(1)))
        let words = [TimedWord("beep", start: .zero, end: .milliseconds(100))]
        harness.send(SpokenWords("beep", words: words))
        harness.send(Frame(audio: .tone(.milliseconds(100))))
        harness.send(ResponseEnded(turn: TurnID(1)))
        harness.advance(by: .seconds(2))
        let events = log.frames.compactMap { $0[Playback.self] }
        #expect(events.filter { if case .stopped = $0 { true } else { false } }.count == 1)
        let heard = events.compactMap { if case .spoken(_, let heard, true) = $0 { heard } else { nil } }
        #expect(heard == [.milliseconds(100)])
        #expect(harness.end()?.reason.name == "input_ended")
    }
}
