// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// A caller, an agent that says a fixed audio to every sentence, the speaker, and the recorder behind both sides.
private func plan(saying audio: Audio, path: String) -> CompiledPlan {
    var builder = PipelineBuilder("call", limits: .unhurried)
    builder.add(Caller(NoParameters()))
    builder.add(Filter(.with { $0.drop = ["audio"] }))
    builder.add(Voice(audio))
    builder.add(Speaker(.template))
    builder.add(Recorder(.with { $0.path = FileReference(path) }), after: ["caller", "speaker"])
    return builder.build()
}

@Suite struct RecordedCallTests {
    @Test func holdsOfTheAgentWhatWasReallyHeard() throws {
        let scratch = try TemporaryDirectory()
        let path = scratch.path("a.wav")
        let (caller, agent) = (Audio.tone(hz: 300, .seconds(1)).linear, Audio.noise(dbfs: -20, .seconds(1)))
        let pipeline = try PipelineHarness(plan(saying: agent, path: path))
        pipeline.send(Audio(format: .wideband, samples: caller[..<3200]))
        pipeline.send(Sentence("words"))
        pipeline.send(Audio(format: .wideband, samples: caller[3200..<8000]))
        pipeline.onLoop { $0.interrupt("caller speaks") }
        pipeline.send(Audio(format: .wideband, samples: caller[8000...]))
        pipeline.end()
        let recording = try readRecording(path)
        #expect(recording.left == caller)
        var heard = [Int16](repeating: 0, count: 16_000)
        heard.replaceSubrange(3200..<8000, with: agent.linear[..<4800])
        #expect(recording.right == heard)
    }

    @Test func isWrittenByTheWorkersOfARealLoop() async throws {
        let scratch = try TemporaryDirectory()
        let path = scratch.path("a.wav")
        let caller = Audio.tone(hz: 300, .milliseconds(1800))
        let group = LoopGroup(count: 1)
        let session = try await Session.start(
            plan(saying: .noise(.milliseconds(20)), path: path), call: Call(id: "test", transport: "test"),
            on: group.loops[0])
        await speak(caller, to: session)
        #expect(await session.ended().abandoned == [])
        #expect(try readRecording(path).left == caller.linear)
        try await group.shutDown()
    }

    /// Sends a recording and the end of the input in one step, so that a busy machine cannot make the session idle.
    private func speak(_ audio: Audio, to session: isolated Session) {
        for start in stride(from: 0, to: audio.sampleCount, by: 320) {
            let time = MediaTime.zero + .samples(start, rate: audio.format.rateHz)
            session.push(Frame(audio: audio.slice(start..<start + 320), at: time))
        }
        session.end(.inputEnded)
    }
}
