// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The processors and the transport that the pipeline files of these tests name.
enum DeskProcessors {
    static var registry: ProcessorRegistry {
        var registry = ProcessorRegistry()
        registry.add(Gate.self)
        registry.add(Listen.self)
        registry.add(Think.self)
        registry.add(Talk.self)
        registry.add(Pass.self)
        registry.add(Phone.self)
        return registry
    }

    static let narrow = AudioConstraint(ratesHz: [16_000], channels: [1])

    struct Gate: Processor {
        static let name = "gate"
        static let summary = "Passes loud audio."
        static func pads(_ parameters: Parameters) -> Pads { Pads(reads: [.audio()]) }

        struct Parameters: ProcessorParameters {
            var threshold = -45.0
            var hangover = Duration.milliseconds(200)

            static let template = Self()
            static let schema = ParameterSchema<Self>(
                .optional("threshold_dbfs", \.threshold, in: -90...0, "Level at or above which the gate opens."),
                .optional("hangover", \.hangover, in: .zero ... .seconds(2), "Time the gate stays open."))
        }

        init(_ parameters: Parameters) {}
        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    }

    struct Listen: Processor {
        static let name = "listen"
        static let summary = "Makes text of speech."
        static func pads(_ parameters: NoParameters) -> Pads {
            Pads(reads: [.audio(narrow)], produces: [.frames(Transcript.self)])
        }

        init(_ parameters: NoParameters) {}
        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    }

    struct Think: Processor {
        static let name = "think"
        static let summary = "Answers text."
        static func pads(_ parameters: Parameters) -> Pads {
            Pads(reads: [.frames(Transcript.self)], produces: [.frames(Sentence.self)])
        }

        struct Parameters: ProcessorParameters {
            enum Style: String, ParameterChoice {
                case terse, friendly

                var summary: String { self == .terse ? "few words" : "warm words" }
            }

            var prompt: String
            var temperature = 0.7
            var tokens = 200
            var isStrict = false
            var style = Style.friendly
            var key = Secret("none")
            var words: [String] = []

            static let template = Self(prompt: "Be kind.")
            static let schema = ParameterSchema<Self>(
                .required("prompt", \.prompt, "What the model is told."),
                .optional("temperature", \.temperature, in: 0...2, "How freely words are chosen."),
                .optional("tokens", \.tokens, in: 1..., "Most tokens of a reply."),
                .optional("strict", \.isStrict, "Whether to refuse what is off topic."),
                .optional("style", \.style, "How it speaks."),
                .optional("api_key", \.key, "Key of the service."),
                .optional("words", \.words, "Words to use."))

            func validate(into issues: inout ParameterIssues) {
                if isStrict, temperature > 1 { issues.error("temperature", "more than 1 cannot be strict") }
            }
        }

        init(_ parameters: Parameters) {}
        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    }

    struct Talk: Processor {
        static let name = "talk"
        static let summary = "Makes speech of text."
        static func pads(_ parameters: NoParameters) -> Pads {
            Pads(consumes: [.frames(Sentence.self)], produces: [.audio(.wideband)])
        }

        init(_ parameters: NoParameters) {}
        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    }

    struct Pass: Processor {
        static let name = "pass"
        static let summary = "Passes everything."

        init(_ parameters: NoParameters) {}
        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    }

    struct Phone: Transport {
        static let name = "phone"
        static let summary = "Brings telephone calls."

        struct Parameters: ProcessorParameters {
            var port = 5060

            static let template = Self()
            static let schema = ParameterSchema<Self>(.optional("port", \.port, in: 1...65_535, "The port."))
        }

        let nominalFormats = CallFormats(
            input: AudioFormat(rateHz: 8000, encoding: .mulaw), output: AudioFormat(rateHz: 8000, encoding: .mulaw))

        init(_ parameters: Parameters) {}
        func run(_ host: any CallHost) async throws {}
    }
}
