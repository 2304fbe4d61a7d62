// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Synchronization
import Testing

@Suite struct RecogniserTests {
    /// Says how much sound it heard, when there is no more.
    private struct Counter: Processor {
        static let name = "counter"
        static let summary = "Counts samples."
        static func pads(_: NoParameters) -> Pads {
            Pads(
                consumes: [.audio(AudioConstraint(ratesHz: [16_000]))], produces: [.frames(Transcript.self)])
        }

        private var loud = 0

        init(_ parameters: NoParameters) {}

        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
            guard let audio = frame.audio else { return context.emit(frame) }
            loud += audio.withSamples { $0.count { $0 == 1000 } }
        }

        mutating func finish(_ context: inout ProcessorContext) {
            context.emit(Transcript("so far", isFinal: false))
            context.emit(Transcript("\(loud) samples"))
            context.emit(Transcript("", isUtteranceEnd: true))
        }
    }

    /// Must not be there when recordings are understood.
    private struct Model: Processor {
        static let name = "model"
        static let summary = "Fails."
        static func pads(_: NoParameters) -> Pads { Pads(consumes: [.frames(Transcript.self)]) }

        init(_ parameters: NoParameters) throws { throw PipelineError(.bug, "made") }
        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {}
    }

    private func pipeline(_ processors: String) throws -> Pipeline {
        var registry = ProcessorRegistry()
        registry.add(Counter.self)
        registry.add(Model.self)
        let directory = try TemporaryDirectory()
        try directory.write("pipeline: test\nprocessors: \(processors)\n", to: "a.yaml")
        var diagnostics = Diagnostics()
        let pipeline = Pipeline.load(path: directory.path("a.yaml"), registry: registry, into: &diagnostics)
        #expect(diagnostics.all.map(\.description) == [])
        return try #require(pipeline)
    }

    private let recording = Audio(format: .wideband, samples: [Int16](repeating: 1000, count: 12_345))

    @Test func onlyTheRecogniserHearsARecording() throws {
        let pipeline = try pipeline("[caller: , counter: , model: ]")
        #expect(try pipeline.words(in: recording) == "12345 samples")
        #expect(try pipeline.words(in: recording) == "12345 samples")
    }

    @Test func aPipelineWithoutARecogniserSaysSo() throws {
        let pipeline = try pipeline("[caller: , speaker: ]")
        #expect(throws: CallRefused("the pipeline has no recogniser; add one, such as pocketsphinx_stt")) {
            try pipeline.words(in: recording)
        }
    }

    @Test func aRecordingInAFormThatCannotBeUsedIsRefused() throws {
        let pipeline = try pipeline("[caller: , counter: , model: ]")
        let narrow = Audio(format: AudioFormat(rateHz: 8000), samples: [1, 2, 3])
        #expect(throws: PipelineProblems.self) { try pipeline.words(in: narrow) }
    }
}
