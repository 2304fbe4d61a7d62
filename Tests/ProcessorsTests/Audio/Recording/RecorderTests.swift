// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// A caller, an agent, and the recorder behind both.
private struct RecorderHarness {
    let pipeline: PipelineHarness
    let path: String

    init(path: String, id: String = "test", rateHz: Int = 16_000) throws {
        let parameters = Recorder.Parameters.with {
            $0.path = FileReference(path)
            $0.rateHz = rateHz
        }
        var builder = PipelineBuilder("record")
        builder.add(Caller(NoParameters()), id: "caller")
        builder.add(Caller(NoParameters()), id: "agent", after: [])
        builder.add(Recorder(parameters), after: ["caller", "agent"], onError: .continue)
        pipeline = try PipelineHarness(builder.build(), call: Call(id: id, transport: "harness"))
        self.path = Recorder.path(path, session: id)
    }

    /// Lets audio be heard from now on, in frames of 20 ms, as the clock goes on.
    func hear(_ audio: Audio, source: Int) {
        let length = audio.format.rateHz / 50
        for start in stride(from: 0, to: audio.sampleCount, by: length) {
            let piece = audio.slice(start..<start + length)
            let time = pipeline.now
            pipeline.advance(by: piece.duration)
            pipeline.send(Frame(audio: piece, at: time), source: source)
        }
    }
}

@Suite struct RecorderTests {
    @Test func recordsEachSideWhereItWasHeard() throws {
        let scratch = try TemporaryDirectory()
        let harness = try RecorderHarness(path: scratch.path("calls/${session.id}.wav"))
        let (caller, agent) = (Audio.tone(hz: 300, .milliseconds(1500)), Audio.noise(.milliseconds(700)))
        harness.hear(caller, source: 0)
        harness.pipeline.advance(by: .milliseconds(500))
        harness.hear(agent, source: 1)
        harness.pipeline.end()
        let recording = try readRecording(scratch.path("calls/test.wav"))
        #expect(recording.rate == 16_000)
        #expect(recording.left == caller.linear + [Int16](repeating: 0, count: 1200 * 16))
        #expect(recording.right == [Int16](repeating: 0, count: 2000 * 16) + agent.linear)
    }

    @Test func convertsEveryFormatWithoutShift() throws {
        let scratch = try TemporaryDirectory()
        let harness = try RecorderHarness(path: scratch.path("a.wav"))
        harness.pipeline.advance(by: .milliseconds(100))
        let tone = Tone(frequency: 500, amplitude: 0.5)
        let caller = Audio(format: .telephone, samples: tone.samples(8000, rate: 8000))
        harness.hear(caller.encoded(.ulaw), source: 0)
        harness.hear(Audio(format: AudioFormat(rateHz: 24_000), samples: tone.samples(24_000, rate: 24_000)), source: 1)
        harness.pipeline.end()
        let recording = try readRecording(harness.path)
        #expect(recording.left.count == 2100 * 16)
        #expect(tone.signalToNoise(in: Array(recording.left[1600..<17_600]), rate: 16_000) > 30)
        #expect(tone.signalToNoise(in: Array(recording.right[17_600..<33_600]), rate: 16_000) > 60)
    }

    @Test func neitherDriftsNorClicksWhileMediaTimeJitters() throws {
        let scratch = try TemporaryDirectory()
        let harness = try RecorderHarness(path: scratch.path("a.wav"))
        let audio = Audio.tone(hz: 300, .seconds(4))
        var generator = SeededGenerator(seed: 9)
        for index in 0..<200 {
            harness.pipeline.advance(by: .milliseconds(20))
            let jitter = Duration.microseconds(index == 0 ? 0 : Int.random(in: -2000...2000, using: &generator))
            let time = MediaTime.zero + .milliseconds(20 * index) + jitter
            harness.pipeline.send(Frame(audio: audio.slice(index * 320..<(index + 1) * 320), at: time))
        }
        harness.pipeline.end()
        #expect(try readRecording(harness.path).left == audio.linear)
    }

    @Test func keepsWhatWasHeardWhenTheSessionIsCancelled() throws {
        let scratch = try TemporaryDirectory()
        let harness = try RecorderHarness(path: scratch.path("a.wav"))
        let caller = Audio.tone(.milliseconds(2500))
        harness.hear(caller, source: 0)
        harness.pipeline.end(.cancelled)
        #expect(try readRecording(harness.path).left == caller.linear)
    }

    @Test func goesOnThroughAnInterruption() throws {
        let scratch = try TemporaryDirectory()
        let harness = try RecorderHarness(path: scratch.path("a.wav"))
        let caller = Audio.tone(.milliseconds(200))
        harness.hear(caller, source: 0)
        harness.pipeline.onLoop { $0.interrupt("test") }
        harness.hear(caller, source: 0)
        harness.pipeline.end()
        #expect(try readRecording(harness.path).left == caller.linear + caller.linear)
    }

    @Test func refusesMediaTimesThatCannotBe() throws {
        let scratch = try TemporaryDirectory()
        let harness = try RecorderHarness(path: scratch.path("a.wav"))
        let audio = Audio.tone(.milliseconds(20))
        harness.pipeline.send(Frame(audio: audio, at: .zero + .seconds(36_000)))
        harness.pipeline.send(Frame(audio: audio, at: .zero - .seconds(1)))
        let report = try #require(harness.pipeline.end())
        #expect(report.processors.last?.framesDropped == ["media_time": 2])
        #expect(try readRecording(harness.path).left.isEmpty)
    }

    @Test func losesTheRecordingAndNotTheCallWhenTheFileCannotBeWritten() throws {
        let harness = try RecorderHarness(path: "/proc/nowhere/a.wav")
        harness.hear(.tone(.seconds(3)), source: 0)
        let report = try #require(harness.pipeline.end())
        #expect(report.reason.name == "input_ended")
        #expect(harness.pipeline.events.errors.count == 1)
        #expect(harness.pipeline.events.errors.first?.cause?.contains("/proc/nowhere") == true)
    }

    @Test(arguments: [
        ("abc-1", "calls/abc-1.wav"), ("../../etc/passwd", "calls/.._.._etc_passwd.wav"), ("..", "calls/call.wav"),
        ("", "calls/call.wav"), ("a b\u{1}/é", "calls/a_b__é.wav"),
    ])
    func letsNoCallIdLeaveTheDirectory(_ id: String, _ path: String) {
        #expect(Recorder.path("calls/${session.id}.wav", session: id) == path)
    }
}
