// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Testing

@testable import PipelineKit

@Suite struct TextFormTests {
    private static let audio = AudioFormat.wideband
    private static let formats: [String: CallFormats] = [
        "audio": CallFormats(input: audio, output: audio), "text": CallFormats(input: nil, output: nil),
        "text out": CallFormats(input: audio, output: nil), "text in": CallFormats(input: nil, output: audio),
    ]

    /// The links of a pipeline, one word for each processor, and what was left out.
    private func shape(_ processors: [String], _ formats: String) throws -> (links: String, leftOut: [String]) {
        let text = (["pipeline: test", "processors:"] + processors.map { "  - \($0)" }).joined(separator: "\n")
        let directory = try TemporaryDirectory()
        try directory.write(text + "\n", to: "a.yaml")
        var diagnostics = Diagnostics()
        let document = try #require(PipelineReader().read(path: directory.path("a.yaml"), into: &diagnostics))
        let compiler = PipelineCompiler(registry: Stages.registry)
        let plan = compiler.compile(document, formats: try #require(Self.formats[formats]), into: &diagnostics)?.plan
        #expect(diagnostics.all.map(\.description) == [])
        let nodes = try #require(plan).nodes
        let links = nodes.map { node in
            "\(node.name)(\(node.inputs.map { nodes[$0].id }.joined(separator: ",")))"
        }
        return (links.joined(separator: " "), try #require(plan).leftOut)
    }

    private static let agent = [
        "caller: ", "vad: ", "stt: ", "context: ", "model: ", "clauses: ", "tts: ", "speaker: ", "after_words: ",
        "taps: {}\n    after: [caller, speaker]",
    ]

    @Test func speechProcessorsAreLeftOutOfTextCalls() throws {
        let (links, leftOut) = try shape(Self.agent, "text")
        #expect(links == "caller() context(caller) model(context) text_speaker(model) after_words(speaker)")
        #expect(leftOut == ["vad", "stt", "clauses", "tts", "taps"])
    }

    @Test func callsWithAudioKeepEverything() throws {
        let (links, leftOut) = try shape(Self.agent, "audio")
        #expect(leftOut.isEmpty)
        #expect(links.hasSuffix("tts(clauses) speaker(tts) after_words(speaker) taps(caller,speaker)"))
    }

    @Test func eachSideIsDecidedByItself() throws {
        let textOut = try shape(Self.agent, "text out")
        #expect(textOut.leftOut == ["clauses", "tts"])
        #expect(textOut.links.hasSuffix("text_speaker(model) after_words(speaker) taps(caller,speaker)"))
        let textIn = try shape(Self.agent, "text in")
        #expect(textIn.leftOut == ["vad", "stt"])
        #expect(textIn.links.hasSuffix("speaker(tts) after_words(speaker) taps(caller,speaker)"))
    }

    @Test func whatNeedsTheFramesOfALeftOutProcessorGoesWithIt() throws {
        let stages = [
            "caller: ", "vad: ", "barks: ", "stt: ", "context: ", "model: ", "clauses: ", "tts: ", "speaker: ",
        ]
        #expect(try shape(stages, "text in").leftOut == ["vad", "barks", "stt"])
        #expect(try shape(stages, "audio").leftOut.isEmpty)
    }

    @Test func generatorsOfSoundAndWhatHangsOnThemAloneGo() throws {
        let stages = [
            "caller: ", "context: ", "model: ", "music: {}\n    after: []", "pass: {}\n    after: [music]",
            "speaker: {}\n    after: [model, pass]",
        ]
        let (links, leftOut) = try shape(stages, "text")
        #expect(leftOut == ["music", "pass"])
        #expect(links == "caller() context(caller) model(context) text_speaker(model)")
    }

    @Test func sentencesStayWhereSomebodyElseWantsThem() throws {
        let stages = ["caller: ", "context: ", "model: ", "clauses: ", "clause_log: ", "tts: ", "speaker: "]
        #expect(try shape(stages, "text").leftOut == ["tts"])
    }

    /// Processors that only have pads.
    private enum Stages {
        static var registry: ProcessorRegistry {
            var registry = ProcessorRegistry()
            registry.add(VAD.self)
            registry.add(STT.self)
            registry.add(Context.self)
            registry.add(Model.self)
            registry.add(Clauses.self)
            registry.add(TTS.self)
            registry.add(AfterWords.self)
            registry.add(Taps.self)
            registry.add(Barks.self)
            registry.add(Music.self)
            registry.add(Pass.self)
            registry.add(ClauseLog.self)
            return registry
        }

        protocol Stage: Processor where Parameters == NoParameters {}
        struct VAD: Stage {
            static let name = "vad"
            static func pads(_: NoParameters) -> Pads {
                Pads(reads: [.audio()], produces: [.frames(VoiceActivity.self)])
            }
            init(_ parameters: NoParameters) {}
        }
        struct STT: Stage {
            static let name = "stt"
            static func pads(_: NoParameters) -> Pads {
                Pads(
                    consumes: [.audio()], reads: [.frames(VoiceActivity.self)], produces: [.frames(Transcript.self)])
            }
            init(_ parameters: NoParameters) {}
        }
        struct Context: Stage {
            static let name = "context"
            static func pads(_: NoParameters) -> Pads {
                Pads(consumes: [.frames(Transcript.self)], produces: [.frames(ModelRequest.self)])
            }
            init(_ parameters: NoParameters) {}
        }
        struct Model: Stage {
            static let name = "model"
            static func pads(_: NoParameters) -> Pads {
                Pads(consumes: [.frames(ModelRequest.self)], produces: [.frames(ModelText.self)])
            }
            init(_ parameters: NoParameters) {}
        }
        struct Clauses: Stage {
            static let name = "clauses"
            static func pads(_: NoParameters) -> Pads {
                Pads(consumes: [.frames(ModelText.self)], produces: [.frames(Sentence.self)])
            }
            init(_ parameters: NoParameters) {}
        }
        struct TTS: Stage {
            static let name = "tts"
            static func pads(_: NoParameters) -> Pads {
                Pads(consumes: [.frames(Sentence.self)], produces: [.frames(SpokenWords.self), .audio(.wideband)])
            }
            init(_ parameters: NoParameters) {}
        }
        struct AfterWords: Stage {
            static let name = "after_words"
            static func pads(_: NoParameters) -> Pads { Pads(reads: [.frames(Playback.self)]) }
            init(_ parameters: NoParameters) {}
        }
        struct Taps: Stage {
            static let name = "taps"
            static func pads(_: NoParameters) -> Pads { Pads(reads: [.audio(.any)]) }
            init(_ parameters: NoParameters) {}
        }
        struct Barks: Stage {
            static let name = "barks"
            static func pads(_: NoParameters) -> Pads { Pads(reads: [.frames(VoiceActivity.self)]) }
            init(_ parameters: NoParameters) {}
        }
        struct Music: Stage {
            static let name = "music"
            static func pads(_: NoParameters) -> Pads { Pads(produces: [.audio(.wideband)]) }
            init(_ parameters: NoParameters) {}
        }
        struct Pass: Stage {
            static let name = "pass"
            init(_ parameters: NoParameters) {}
        }
        struct ClauseLog: Stage {
            static let name = "clause_log"
            static func pads(_: NoParameters) -> Pads { Pads(reads: [.frames(Sentence.self)]) }
            init(_ parameters: NoParameters) {}
        }
    }
}

extension Processor where Parameters == NoParameters {
    fileprivate static var summary: String { "Does nothing." }
    fileprivate mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
}
