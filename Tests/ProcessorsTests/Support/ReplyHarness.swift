// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting

@testable import Processors

/// Says each sentence as the given audio, in frames of 20 ms, at once.
struct Voice: Processor {
    static let name = "voice"
    static let summary = "Says each sentence as a fixed audio."

    private let audio: Audio

    init(_ parameters: NoParameters) { audio = .silence(.milliseconds(20)) }
    init(_ audio: Audio) { self.audio = audio }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard frame[Sentence.self] != nil else { return context.emit(frame) }
        let length = Duration.milliseconds(20).sampleCount(rate: audio.format.rateHz)
        for start in stride(from: 0, to: audio.sampleCount, by: length) {
            let piece = audio.slice(start..<start + length)
            context.emit(piece, at: frame.mediaTime + .samples(start, rate: audio.format.rateHz))
        }
    }
}

/// A processor behind a voice: sentences that are sent reach it as the audio of a reply.
struct ReplyHarness {
    let pipeline: PipelineHarness
    private let log = FrameLog()

    /// Starts a session in which `processor` takes what the voice says.
    init<P: Processor>(saying audio: Audio, _ processor: @autoclosure @escaping @Sendable () throws -> P) throws {
        var builder = PipelineBuilder("reply")
        builder.add(Voice(audio))
        builder.add(try processor(), id: "subject", onError: .continue)
        let log = log
        builder.add(Tap(log))
        pipeline = try PipelineHarness(builder.build())
    }

    /// Has a sentence said.
    func say() { pipeline.send(Sentence("words")) }

    /// Raises an interruption.
    func interrupt() { pipeline.onLoop { $0.interrupt("test") } }

    /// Takes everything that came out.
    func takeOutput() -> [Frame] { log.take() }

    /// Ends the input and takes everything that was not taken yet.
    func finish() -> [Frame] {
        pipeline.end()
        return log.take()
    }
}

extension Sequence<Frame> {
    /// The linear samples of all audio, joined.
    var samples: [Int16] {
        flatMap { frame -> [Int16] in
            guard let audio = frame.audio, audio.format.encoding == .linear16 else { return [] }
            return audio.withSamples(Array.init)
        }
    }

    /// The audio, in order.
    var audio: [Audio] { compactMap(\.audio) }
}

extension ProcessorHarness {
    /// How many frames the subject dropped for `reason`; known once the session has ended.
    func drops(_ reason: String) -> Int {
        events.report?.processors.first { $0.id == "subject" }?.framesDropped[reason] ?? 0
    }
}

extension Audio {
    /// The audio as interleaved samples.
    var linear: [Int16] { withSamples(Array.init) }

    /// The same samples in an encoding of one byte a sample.
    func encoded(_ law: G711Law) -> Audio {
        let codes = law.encode(linear)
        let format = AudioFormat(
            rateHz: format.rateHz, channels: format.channels, encoding: law == .ulaw ? .mulaw : .alaw)
        return Audio(format: format, sampleCount: sampleCount, byteCount: codes.count) { $0.copyBytes(from: codes) }
    }
}

extension ProcessorParameters {
    /// The template with some parameters changed.
    static func with(_ change: (inout Self) -> Void) -> Self {
        var parameters = template
        change(&parameters)
        return parameters
    }
}
