// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Processors
import ProviderDoubles
import Testing

@testable import Providers

/// Speech in a pipeline: which formats go where, and what a caller hears.
@Suite struct SpeechGraphTests {
    private static let telephone = AudioFormat(rateHz: 8000, encoding: .mulaw)

    /// Says a sentence at the first sound of the caller.
    private struct Talker: Processor {
        static let name = "talker"
        static let summary = "Says a sentence at the first sound of the caller."

        private var hasSpoken = false

        init(_ parameters: NoParameters) {}

        static func pads(_ parameters: NoParameters) -> Pads {
            Pads(consumes: [.audio(.any)], produces: [.frames(Sentence.self)])
        }

        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
            guard !hasSpoken else { return }
            hasSpoken = true
            context.emit(Frame(Sentence("Every byte as it came."), at: context.now))
        }
    }

    private func plan(_ speech: String, for format: AudioFormat) throws -> CompiledPlan {
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addProviders()
        registry.add(Talker.self)
        var diagnostics = Diagnostics()
        let text = "pipeline: desk\nprocessors: [{caller: }, {talker: }, {\(speech)}, {speaker: }]\n"
        let document = try #require(PipelineReader().read(text, file: "a.yaml", into: &diagnostics))
        let pipeline = Pipeline.load(document, registry: registry, into: &diagnostics)
        #expect(diagnostics.all.map(\.description) == [])
        return try #require(pipeline).plan(for: CallFormats(input: format, output: format))
    }

    @Test(arguments: ["deepgram_tts", "elevenlabs_tts"]) func aTelephonesSoundIsNotConverted(_ name: String) throws {
        let plan = try plan("\(name): {encoding: mulaw, rate_hz: 8000}", for: Self.telephone).plan
        #expect(plan.nodes.map(\.id) == ["caller", "talker", name, "speaker"])
        let wide = try self.plan("\(name): {rate_hz: 16000}", for: Self.telephone).plan
        #expect(wide.nodes.count == 5)
    }

    @Test func aTelephoneHearsTheBytesOfDeepgram() throws {
        let network = DoubleNetwork()
        network.routes.add(DeepgramSpeechDouble(SpeechVariant.brief))
        let loop = SessionLoop.virtual()
        loop.lend(network, as: (any ProviderNetwork).self)
        let far = RecordingOutput()
        let call = Call(
            id: "test", transport: "harness", inputFormat: Self.telephone, outputFormat: Self.telephone, output: far)
        let plan = try plan("deepgram_tts: {encoding: mulaw, rate_hz: 8000}", for: Self.telephone)
        let harness = try PipelineHarness(plan, on: loop, call: call)
        let sound = Audio(format: Self.telephone, sampleCount: 160, byteCount: 160) { _ in }
        harness.send(Frame(audio: sound, at: harness.now))
        harness.advance(by: .seconds(5))
        let heard = far.written.flatMap { $0.piece.audio.withBytes(Array.init) }
        #expect(heard == SpeechVariant.deepgramTelephone.bytes(of: "Every byte as it came."))
        #expect(harness.events.errors.isEmpty)
        _ = harness.end()
        #expect(network.journal.isClean)
    }

    @Test func parametersThatCannotBeAreNamed() {
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addProviders()
        let wrong = [
            "deepgram_tts: {encoding: mulaw, rate_hz: 24000}": "rate_hz",
            "elevenlabs_tts: {encoding: alaw, rate_hz: 16000}": "rate_hz",
            "piper_tts: {mode: process}": "voice",
            "coqui_tts: {server: xtts}": "speaker",
            "wyoming_tts: {speaker: p1}": "speaker",
            "openai_tts: {base_url: nowhere}": "base_url",
        ]
        for (speech, key) in wrong {
            var diagnostics = Diagnostics()
            let text = "pipeline: desk\nprocessors: [{caller: }, {\(speech)}, {speaker: }]\n"
            if let document = PipelineReader().read(text, file: "a.yaml", into: &diagnostics) {
                _ = Pipeline.load(document, registry: registry, into: &diagnostics)
            }
            #expect(diagnostics.all.contains { $0.description.contains(key) }, "\(speech)")
        }
    }

    @Test(arguments: ["deepgram_tts", "elevenlabs_tts", "openai_tts", "piper_tts", "coqui_tts", "wyoming_tts"])
    func doesWhatEveryProcessorMust(_ name: String) throws {
        let doubles: [String: any ProviderDouble] = [
            "deepgram_tts": DeepgramSpeechDouble(), "elevenlabs_tts": ElevenLabsSpeechDouble(),
            "openai_tts": OpenAISpeechDouble(), "piper_tts": PiperDouble(), "coqui_tts": CoquiDouble(),
            "wyoming_tts": WyomingSpeechDouble(),
        ]
        var registry = ProcessorRegistry()
        registry.addProviders()
        let (descriptor, network) = (try #require(registry.processor(name)), DoubleNetwork())
        network.routes.add(try #require(doubles[name]))
        let conformance = ProcessorConformance(descriptor) { $0.lend(network, as: (any ProviderNetwork).self) }
        #expect(conformance.problems() == [])
        #expect(network.journal.isClean)
    }
}
