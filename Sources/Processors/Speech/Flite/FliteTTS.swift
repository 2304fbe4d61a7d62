// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Speaks sentences with flite: English, 16 kHz, inside the process, no network.
///
/// Audio is emitted as it is computed: the first of it after the whole sentence has been analysed (4 ms for a second of
/// speech), with the words and their times before it. Sentences of more than 400 characters are spoken in pieces. An
/// interruption stops the engine at its next 50 ms of audio. Frames other than sentences pass in their order.
public final class FliteTTS: Service {
    public static let name = "flite_tts"
    public static let summary = "Speaks English sentences with flite, offline and inside the process."

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(consumes: [.frames(Sentence.self)], produces: [.frames(SpokenWords.self), .audio(.wideband)])
    }

    private static let longestText = 400

    private let parameters: Parameters
    private var voice: FliteVoice?
    private var framer = SpeechFramer(.wideband)

    /// Creates a synthesiser for one session.
    public init(_ parameters: Parameters) { self.parameters = parameters }

    nonisolated(nonsending) public func start(_ output: ServiceOutput) async throws {
        let name = parameters.voice.name
        do {
            voice = try await output.offload { try FliteVoice(name) }
        } catch let error as FliteVoice.Error {
            throw PipelineError(.provider, "flite has no voice '\(name)'; choose another", cause: error)
        }
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        guard let sentence = frame[Sentence.self] else { return try await output.emit(frame) }
        for text in SpeechText.pieces(sentence.text, limit: Self.longestText) { try await speak(text, output) }
    }

    public func interrupted(_ interruption: Interruption) { framer.forget() }

    nonisolated(nonsending) private func speak(_ text: String, _ output: ServiceOutput) async throws {
        guard let voice else { return }
        let synthesis = FliteSynthesis(voice, text, parameters)
        async let computation: Void = synthesis.run(output)
        do {
            try await withTaskCancellationHandler {
                for await part in synthesis.parts { try await emit(part, of: text, output) }
                try Task.checkCancellation()
            } onCancel: {
                synthesis.stop()
            }
        } catch {
            synthesis.stop()
            throw error
        }
        try await computation
    }

    nonisolated(nonsending) private func emit(
        _ part: FliteSynthesis.Part, of text: String, _ output: ServiceOutput
    ) async throws {
        switch part {
        case .words(let words):
            framer.begin(at: output.now)
            try await output.emit(SpokenWords(text, words: words), at: framer.end)
        case .audio(let samples):
            for frame in framer.append(samples) { try await output.emit(frame) }
        case .end:
            for frame in framer.append([], isLast: true) { try await output.emit(frame) }
        }
    }
}

extension FliteTTS {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// The voice.
        public var voice = Voice.slt
        /// How many times longer than usual speech lasts.
        public var stretch = 1.0
        /// Mean pitch; `nil` for the voice's own.
        public var pitch: Double?

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("voice", \.voice, "Voice that speaks."),
            .optional("stretch_ratio", \.stretch, in: 0.5...2, "How many times longer than usual speech lasts."),
            .optional("pitch_hz", \.pitch, in: 50...400, "Mean pitch, if not the voice's own.")
        )

        /// Creates the defaults.
        public init() {}
    }

    /// The voices there are.
    public enum Voice: String, ParameterChoice {
        case slt, rms, awb, kal16

        public var summary: String {
            switch self {
            case .slt: "an American woman; the clearest, 1.5 % of a core while it is computed as it is heard"
            case .rms: "an American man"
            case .awb: "a Scottish man"
            case .kal16: "a mechanical man; 30 times less work than the others"
            }
        }

        var name: FliteVoice.Name {
            switch self {
            case .slt: .slt
            case .rms: .rms
            case .awb: .awb
            case .kal16: .kal16
            }
        }
    }
}
