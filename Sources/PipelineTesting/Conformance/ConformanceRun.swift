// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// One session around one processor, fed with frames of every kind.
struct ConformanceRun {
    /// What came out, a line for each frame.
    let output: [String]
    let problems: [String]

    init(
        _ processor: ProcessorDescriptor, parameters: String?, on loop: SessionLoop, isInterrupted: Bool
    ) throws {
        let (frames, far) = (FrameLog(), RecordingOutput())
        let format = Self.format(processor.templatePads)
        var builder = PipelineBuilder("conformance")
        builder.add(Caller(NoParameters()), id: "conformance_source")
        try builder.add(processor, id: "subject", onError: .continue, parameters: parameters)
        builder.add(Tap(frames), id: "conformance_tap")
        let call = Call(
            id: "conformance", transport: "harness", inputFormat: format, outputFormat: format, output: far)
        let harness = try PipelineHarness(builder.build(), on: loop, call: call)
        for step in Self.steps(format) {
            step(harness)
            if isInterrupted { harness.advance(by: .milliseconds(3)) }
        }
        var problems: [String] = []
        if isInterrupted {
            _ = frames.take()
            harness.onLoop { $0.interrupt("conformance") }
            harness.advance(by: .seconds(30))
            let stale = frames.frames.filter { frame in
                frame.header.isReply && !frame.header.isUninterruptible && frame.header.epoch < TurnEpoch(1)
            }
            if let first = stale.first {
                problems.append(
                    "\(stale.count) stale reply frames came after an interruption, first a \(first.frameType)")
            }
        }
        problems += Self.problemsOfTheEnd(harness, far)
        output = frames.frames.map(Self.line)
        self.problems = problems
    }

    private static func problemsOfTheEnd(_ harness: PipelineHarness, _ far: RecordingOutput) -> [String] {
        guard let report = harness.end() else { return ["the session does not end"] }
        var problems = harness.events.errors.prefix(3).map { "it reports \($0)" }
        if !report.abandoned.isEmpty { problems.append("it does not let go when the session ends") }
        if report.duration > harness.maximumDuration { problems.append("it holds up the end for \(report.duration)") }
        if far.closed.count != 1 { problems.append("the call was closed \(far.closed.count) times") }
        return problems
    }

    /// The format that the processor asks for; else wideband.
    private static func format(_ pads: Pads) -> AudioFormat {
        let constraint = (pads.consumes + pads.reads).lazy.compactMap(\.audio).first
        return constraint?.nearest(to: .wideband) ?? .wideband
    }

    /// Speech with its edges, its words, a turn, a request, and a reply with audio.
    private static func steps(_ format: AudioFormat) -> [(PipelineHarness) -> Void] {
        let turn = TurnID(1)
        let sound = audio(format)
        return [
            { $0.send(VoiceActivity(.speechStarted, at: $0.now)) },
            { harness in sound.map { harness.send(Frame(audio: $0, at: harness.now)) } ?? () },
            { harness in for _ in 0..<25 { sound.map { harness.send($0) } } },
            { $0.send(VoiceActivity(.speechStopped, at: $0.now)) },
            { $0.send(TurnStarted(turn: turn)) },
            { $0.send(Transcript("hello", isFinal: false)) },
            { $0.send(Transcript("hello there", isUtteranceEnd: true)) },
            { harness in DTMF("5").map { harness.send($0) } ?? () },
            { $0.send(TurnEnded(turn: turn, text: "hello there")) },
            { $0.send(ModelRequest(turn: turn, messages: [Message(.user, "hello there")])) },
            { $0.send(ResponseStarted(turn: turn)) },
            { $0.send(ModelText("Good morning. How ")) },
            { $0.send(ModelText("may I help you today")) },
            { $0.send(Sentence("Good morning.")) },
            { $0.send(Sentence("How may I help you today?")) },
        ]
    }

    /// 20 ms of sound; packets of a codec cannot be made here.
    private static func audio(_ format: AudioFormat) -> Audio? {
        switch format.encoding {
        case .linear16: return .tone(dbfs: -20, .milliseconds(20), format: format)
        case .mulaw, .alaw:
            let count = Duration.milliseconds(20).sampleCount(rate: format.rateHz)
            return Audio(format: format, sampleCount: count, byteCount: count * format.channels) { bytes in
                for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 37) }
            }
        case .opus: return nil
        }
    }

    private static func line(_ frame: Frame) -> String {
        let content = frame.audio.map { audio in
            String(audio.withBytes { $0.reduce(into: UInt64(5381)) { $0 = $0 &* 33 &+ UInt64($1) } })
        }
        let text = frame[Sentence.self]?.text ?? frame[Transcript.self]?.text ?? frame[ModelText.self]?.text
        return "\(frame.mediaTime) \(frame.frameType) \(content ?? text ?? "")"
    }
}

extension PipelineHarness {
    /// The longest that a session of the suite may last: its input, its reply, and a drain.
    fileprivate var maximumDuration: Duration { .seconds(60) }
}
