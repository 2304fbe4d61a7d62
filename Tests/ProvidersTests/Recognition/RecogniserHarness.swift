// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Testing

/// One recogniser and its provider's double on a virtual clock.
final class RecogniserHarness {
    let network = DoubleNetwork()
    let pipeline: PipelineHarness
    private let output = FrameLog()

    init(_ family: RecogniserFamily, _ double: (any ProviderDouble)? = nil, _ faults: DoubleFault...) throws {
        network.routes.add(double ?? family.double())
        for fault in faults { network.routes.queue(fault) }
        let loop = SessionLoop.virtual()
        loop.lend(network, as: (any ProviderNetwork).self)
        var builder = PipelineBuilder("recogniser")
        family.add(to: &builder)
        let output = output
        builder.add(Tap(output))
        pipeline = try PipelineHarness(builder.build(), on: loop)
    }

    /// The caller says words of ``DoubleEar``, between the edges of voice activity.
    func say(_ words: Int..., format: AudioFormat = .wideband) {
        begin()
        hear(words, format: format)
        stop()
    }

    func begin() { pipeline.send(VoiceActivity(.speechStarted, at: pipeline.now)) }
    func stop() { pipeline.send(VoiceActivity(.speechStopped, at: pipeline.now)) }
    func hear(_ words: [Int], format: AudioFormat = .wideband) { pipeline.send(DoubleEar.audio(words, format: format)) }

    /// The caller is silent; the line is not.
    func pause(_ duration: Duration, format: AudioFormat = .wideband) {
        pipeline.send(Audio.silence(duration, format: format))
    }

    /// Everything that was told so far.
    func takeTranscripts() -> [Transcript] { output.take().compactMap { $0[Transcript.self] } }
    /// Everything that came out.
    func takeFrames() -> [Frame] { output.take() }

    /// The session's end, and what is left behind it.
    func leftovers(_ reason: EndReason = .inputEnded) -> [String] {
        guard let report = pipeline.end(reason) else { return ["the session did not end"] }
        var leftovers = report.abandoned.map { "\($0) did not let go" }
        leftovers += network.journal.open.map { "\($0.request.path) is open" }
        leftovers += network.journal.forgotten.map { "\($0.request.path) was forgotten" }
        return leftovers
    }

    var errors: [String] { pipeline.events.errors.map(\.message) }

    /// The figures of one name.
    func figures(_ name: String) -> [Double] {
        pipeline.events.all.compactMap { entry in
            if case .metric("subject.\(name)", let value) = entry.event { value } else { nil }
        }
    }
}

/// The adapters that are tested alike.
enum RecogniserFamily: String, CaseIterable, CustomTestStringConvertible {
    case deepgram, vosk, elevenLabs, openAI, whisperCpp, wyoming

    static let streaming: [Self] = [.deepgram, .vosk, .elevenLabs]
    static let uploading: [Self] = [.openAI, .whisperCpp, .wyoming]

    var testDescription: String { rawValue }

    func double(
        _ hearing: DoubleHearing = .levels, key: String? = nil, latency: Duration = .milliseconds(100)
    ) -> any ProviderDouble {
        switch self {
        case .deepgram: DeepgramListenDouble(hearing, key: key, latency: latency)
        case .vosk: VoskDouble(hearing, latency: latency)
        case .elevenLabs: ElevenLabsListenDouble(hearing, key: key, latency: latency)
        case .openAI: TranscriptionDouble(hearing, key: key, latency: latency)
        // It knows no keys.
        case .whisperCpp: TranscriptionDouble(hearing, latency: latency)
        case .wyoming: WyomingListenDouble(hearing, latency: latency)
        }
    }

    func add(to builder: inout PipelineBuilder) {
        switch self {
        case .deepgram: builder.add(DeepgramSTT(.keyed), id: "subject", onError: .continue)
        case .vosk: builder.add(VoskSTT(.init()), id: "subject", onError: .continue)
        case .elevenLabs: builder.add(ElevenLabsSTT(.keyed), id: "subject", onError: .continue)
        case .openAI: builder.add(OpenAISTT(.keyed), id: "subject", onError: .continue)
        case .whisperCpp: builder.add(WhisperCppSTT(.init()), id: "subject", onError: .continue)
        case .wyoming: builder.add(WyomingSTT(.init()), id: "subject", onError: .continue)
        }
    }

    /// Longer than any end of speech waits for its words.
    var patience: Duration { Self.streaming.contains(self) ? .seconds(3) : .seconds(12) }
}

extension DeepgramSTT.Parameters {
    static var keyed: Self {
        var parameters = Self()
        parameters.apiKey = Secret("key")
        return parameters
    }
}

extension ElevenLabsSTT.Parameters {
    static var keyed: Self {
        var parameters = Self()
        parameters.apiKey = Secret("key")
        return parameters
    }
}

extension OpenAISTT.Parameters {
    static var keyed: Self {
        var parameters = Self()
        parameters.model = "whisper-1"
        parameters.apiKey = Secret("key")
        return parameters
    }
}

extension [Transcript] {
    /// All final words.
    var text: String { filter { $0.isFinal && !$0.text.isEmpty }.map(\.text).joined(separator: " ") }
    /// How many utterances were answered.
    var endCount: Int { count(where: \.isUtteranceEnd) }
}
