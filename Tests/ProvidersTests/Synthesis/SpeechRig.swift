// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles

@testable import Providers

/// One session of a synthesiser on a virtual clock, with doubles for its provider.
final class SpeechRig {
    let network: DoubleNetwork
    let loop = SessionLoop.virtual()
    private let output = FrameLog()
    private let events: EventLog
    /// `nil` once the session is over.
    private var pipeline: PipelineHarness?

    /// Starts a session.
    ///
    /// - Parameters:
    ///   - faults: What goes wrong with the first exchanges.
    ///   - cache: What the sessions of a test share; nothing is kept without.
    init<S: SpeechService>(
        _ service: S.Type, _ parameters: S.Parameters, _ double: any ProviderDouble, faults: [DoubleFault] = [],
        cache: SpeechCache? = nil, network: DoubleNetwork = DoubleNetwork()
    ) throws {
        self.network = network
        network.routes.add(double)
        for fault in faults { network.routes.queue(fault) }
        loop.lend(network, as: (any ProviderNetwork).self)
        if let cache { loop.lend(cache, as: SpeechCache.self) }
        var builder = PipelineBuilder("speech", limits: .unhurried)
        builder.add(try S(parameters), id: "tts", onError: .continue)
        let output = output
        builder.add(Tap(output))
        let pipeline = try PipelineHarness(builder.build(), on: loop)
        events = pipeline.events
        self.pipeline = pipeline
        advance(by: .zero)
    }

    var errors: [PipelineError] { events.errors }

    func say(_ text: String) { pipeline?.send(Sentence(text)) }
    func advance(by duration: Duration) { pipeline?.advance(by: duration) }
    func interrupt() { pipeline?.onLoop { $0.interrupt("test") } }
    func takeOutput() -> [Frame] { output.take() }

    /// Says a sentence and lets time pass until nothing more can come.
    func speak(_ text: String) -> Speech {
        say(text)
        advance(by: .seconds(30))
        return take()
    }

    /// Takes what was said.
    func take() -> Speech { Speech(takeOutput()) }

    /// The figures that were reported under a name.
    func figures(_ name: String) -> [Double] {
        events.all.compactMap { entry in
            if case .metric("tts." + name, let value) = entry.event { value } else { nil }
        }
    }

    /// Ends the session; what it left behind, one sentence each.
    func leftovers() -> [String] {
        var problems: [String] = []
        let report = pipeline?.end()
        pipeline = nil
        if let report {
            if !report.abandoned.isEmpty { problems.append("it did not let go at the end") }
        } else {
            problems.append("the session does not end")
        }
        loop.run(until: loop.virtualTime)
        problems += network.journal.open.map { "open: \($0.request.path)" }
        problems += network.journal.forgotten.map { "forgotten: \($0.request.path)" }
        return problems + LeakCheck.leftovers(on: loop)
    }
}

/// What a synthesiser emitted.
struct Speech {
    /// The words, in the order in which they were announced.
    var words: [TimedWord] = []
    /// The texts that were announced.
    var texts: [String] = []
    /// The bytes of the audio, joined.
    var bytes: [UInt8] = []
    var formats: Set<AudioFormat> = []
    /// Whether every frame of audio began where the one before ended.
    var isContinuous = true
    /// Whether words came before the first audio.
    var beginsWithWords = false

    init(_ frames: [Frame]) {
        beginsWithWords = frames.first?[SpokenWords.self] != nil
        var end: MediaTime?
        for frame in frames {
            if let words = frame[SpokenWords.self] {
                let offset = Duration.samples(sampleCount, rate: formats.first?.rateHz ?? 1)
                self.words += words.words.map { TimedWord($0.text, start: $0.start + offset, end: $0.end + offset) }
                texts.append(words.text)
            } else if let audio = frame.audio {
                audio.withBytes { bytes.append(contentsOf: $0) }
                formats.insert(audio.format)
                // A sample's duration is rounded down to a nanosecond.
                if let end, abs((frame.mediaTime - end).nanoseconds) > 1 { isContinuous = false }
                end = frame.endTime
            }
        }
    }

    var sampleCount: Int { bytes.count / (formats.first?.bytesPerSample ?? 1) }

    /// The linear samples.
    var samples: [Int16] {
        stride(from: 0, to: bytes.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }
}
