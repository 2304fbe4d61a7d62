// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// A reply that waits for tools is one reply, with a silence in it.
@Suite struct AwaitedToolsTests {
    private let output = RecordingOutput()
    private let played = FrameLog()
    private let turn = TurnID(1)

    private func spoken() throws -> PipelineHarness {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(FakeTextToSpeech(FakeTextToSpeech.Voice()))
        builder.add(Speaker(SpeakerParameters()))
        let log = played
        builder.add(Tap(log))
        return try PipelineHarness(builder.build(), call: Call(id: "1", transport: "test", output: output))
    }

    private func written() throws -> PipelineHarness {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(TextSpeaker(SpeakerParameters()))
        let log = played
        builder.add(Tap(log))
        let call = Call(id: "1", transport: "test", inputFormat: nil, outputFormat: nil, output: output)
        return try PipelineHarness(builder.build(), call: call)
    }

    private var stops: [Bool] {
        played.frames.compactMap { frame in
            if case .stopped(_, _, let isInterrupted) = frame[Playback.self] { isInterrupted } else { nil }
        }
    }

    private func askTools(_ harness: PipelineHarness) {
        harness.send(ResponseStarted(turn: turn))
        harness.send(Sentence("One moment."))
        harness.send(ResponseEnded(turn: turn, awaitsTools: true))
        harness.advance(by: .seconds(5))
    }

    private func answer(_ harness: PipelineHarness) {
        harness.send(ResponseStarted(turn: turn))
        harness.send(Sentence("It is sunny."))
        harness.send(ResponseEnded(turn: turn))
        harness.advance(by: .seconds(5))
    }

    @Test(arguments: [true, false])
    func theReplyEndsAfterTheLastResponse(isSpoken: Bool) throws {
        let harness = try isSpoken ? spoken() : written()
        askTools(harness)
        #expect(stops.isEmpty)
        #expect(!output.frames.isEmpty)
        answer(harness)
        #expect(stops == [false])
        #expect(harness.end() != nil)
    }

    @Test(arguments: [true, false])
    func theSilenceCanBeInterrupted(isSpoken: Bool) throws {
        let harness = try isSpoken ? spoken() : written()
        askTools(harness)
        harness.onLoop { $0.interrupt("test") }
        #expect(stops == [true])
        answer(harness)
        #expect(stops == [true, false])
        #expect(harness.end() != nil)
    }

    @Test func theAgentIsSilentWhileItsToolsRun() throws {
        let harness = try spoken()
        askTools(harness)
        answer(harness)
        let speaking = harness.events.all.compactMap { entry in
            if case .agentSpeaking(let isSpeaking) = entry.event { isSpeaking } else { nil }
        }
        #expect(speaking == [true, false, true, false])
        #expect(harness.end() != nil)
    }
}
