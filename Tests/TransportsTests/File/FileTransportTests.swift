// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

/// Gives every call a session of one plan on a virtual loop.
private struct Host: CallHost {
    let plan: CompiledPlan
    let loop: SessionLoop
    let events = EventLog()

    func accept(_ call: Call) async throws -> Session {
        try await Session.start(plan, call: call, on: loop, observer: events)
    }
}

@Suite struct FileTransportTests {
    private let directory: TemporaryDirectory
    private let loop = SessionLoop.virtual()

    init() throws { directory = try TemporaryDirectory() }

    private func record(_ audio: Audio, as name: String = "caller.wav") throws -> FileReference {
        let writer = try SoundFileWriter(directory.path(name), format: audio.format)
        try writer.write(audio)
        try writer.close()
        return FileReference(directory.path(name))
    }

    /// Runs a call through `add`'s processors; returns what was reported.
    private func run(
        _ parameters: FileTransport.Parameters, _ add: (inout PipelineBuilder) -> Void
    ) throws -> EventLog {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        add(&builder)
        let host = Host(plan: builder.build(), loop: loop)
        try loop.runToCompletion { try await FileTransport(parameters).run(host) }
        return host.events
    }

    @Test func feedsTheWholeRecordingInFramesOfTwentyMilliseconds() throws {
        let tone = Audio.tone(.milliseconds(2505), format: AudioFormat(rateHz: 11025))
        var parameters = FileTransport.Parameters()
        parameters.input = try record(tone)
        let log = FrameLog()
        let events = try run(parameters) { $0.add(Tap(log)) }
        let frames = log.frames.filter { $0.audio != nil }
        #expect(frames.indices.allSatisfy { frames[$0].mediaTime == .zero + .milliseconds(20) * $0 })
        let samples = frames.flatMap { $0.audio.map { $0.withSamples(Array.init) } ?? [] }
        #expect(Array(samples.prefix(tone.sampleCount)) == tone.withSamples(Array.init))
        #expect(samples.dropFirst(tone.sampleCount).allSatisfy { $0 == 0 })
        #expect(events.report?.reason.name == "input_ended")
    }

    @Test func endsAfterTheTailOfQuiet() throws {
        var parameters = FileTransport.Parameters()
        parameters.input = try record(.tone(.seconds(1)))
        parameters.tail = .milliseconds(500)
        let events = try run(parameters) { _ in }
        let duration = try #require(events.report?.duration)
        #expect(duration >= .milliseconds(1500) && duration <= .milliseconds(1560))
    }

    @Test func endsAfterTheLongestTailWhateverTheAgentDoes() throws {
        var parameters = FileTransport.Parameters()
        parameters.input = try record(.tone(.seconds(1)))
        parameters.longestTail = .seconds(3)
        let events = try run(parameters) { builder in
            builder.add(Announcer())
            builder.add(Voice(.tone(.seconds(100))))
            builder.add(Speaker(SpeakerParameters()))
        }
        let duration = try #require(events.report?.duration)
        // The reply is cut when the drain limit is reached.
        #expect(duration >= .seconds(4) && duration <= .seconds(12))
    }

    @Test func waitsForTheReplyBeforeItEnds() throws {
        var parameters = FileTransport.Parameters()
        parameters.input = try record(.silence(.milliseconds(200)))
        parameters.output = FileReference(directory.path("reply.wav"))
        parameters.tail = .milliseconds(100)
        let reply = Audio.tone(.seconds(3))
        let events = try run(parameters) { builder in
            builder.add(Announcer())
            builder.add(Voice(reply))
            builder.add(Speaker(SpeakerParameters()))
        }
        #expect(try #require(events.report?.duration) >= .seconds(3))
        let heard = try #require(try SoundFileReader(directory.path("reply.wav")).read(1_000_000))
        let samples = heard.withSamples(Array.init)
        // The announcement begins when the first frame arrives, 20 ms into the call.
        #expect(Array(samples[320..<320 + reply.sampleCount]) == reply.withSamples(Array.init))
        #expect(samples[..<320].allSatisfy { $0 == 0 })
        #expect(samples[(320 + reply.sampleCount)...].allSatisfy { $0 == 0 })
    }

    @Test func doesNotRecordWhatAnInterruptionTookBack() throws {
        var parameters = FileTransport.Parameters()
        parameters.input = try record(.silence(.milliseconds(600)))
        parameters.output = FileReference(directory.path("reply.wav"))
        _ = try run(parameters) { builder in
            builder.add(Announcer(cutAt: .milliseconds(500)))
            builder.add(Voice(.tone(.seconds(3))))
            builder.add(Speaker(SpeakerParameters()))
        }
        let heard = try #require(try SoundFileReader(directory.path("reply.wav")).read(1_000_000))
        let last = heard.withSamples { $0.lastIndex { $0 != 0 } ?? 0 }
        #expect((7990...8000).contains(last))
    }

    @Test func saysThatARecordingIsMissing() {
        var parameters = FileTransport.Parameters()
        #expect(throws: FileTransport.NoInput()) { try run(parameters) { _ in } }
        parameters.input = FileReference(directory.path("none.wav"))
        #expect(throws: SoundFileError.self) { try run(parameters) { _ in } }
    }
}

/// Asks for one sentence when the first frame comes, and may interrupt it.
private struct Announcer: Processor {
    static let name = "announcer"
    static let summary = "Asks for one sentence when the first frame comes."

    private let cut: Duration?
    private var hasSpoken = false

    init(_ parameters: NoParameters) { cut = nil }
    init(cutAt cut: Duration? = nil) { self.cut = cut }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard !hasSpoken else { return }
        hasSpoken = true
        context.emit(ResponseStarted(turn: TurnID(0)))
        context.emit(Sentence("hello"))
        context.emit(ResponseEnded(turn: TurnID(0)))
        if let cut { context.wake(at: .zero + cut) }
    }

    mutating func wake(_ id: Int, _ context: inout ProcessorContext) { context.interrupt("test") }
}

/// Speaks every sentence as the same sound.
private struct Voice: Processor {
    static let name = "voice"
    static let summary = "Speaks every sentence as the same sound."

    private let sound: Audio

    init(_ parameters: NoParameters) { sound = .silence(.zero) }
    init(_ sound: Audio) { self.sound = sound }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard frame[Sentence.self] != nil else { return context.emit(frame) }
        context.emit(sound, at: context.now)
    }
}
