// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Speaks sentences with Piper, which runs on one's own machine: its HTTP server, or its program.
///
/// What the voice gives is brought to `rate_hz`. Word times are estimated. See ``SpeechService`` for what all synthesisers
/// of providers have in common.
///
/// - SeeAlso: https://github.com/OHF-Voice/piper1-gpl
public final class PiperTTS: SpeechService {
    public static let name = "piper_tts"
    public static let summary = "Speaks sentences with Piper on one's own machine: its HTTP server, or its program."

    public static func pads(_ parameters: Parameters) -> Pads { speechPads(AudioFormat(rateHz: parameters.rateHz)) }

    public let stage: SpeechStage

    /// Creates a synthesiser for one session.
    public init(_ parameters: Parameters) {
        let provider: any SpeechProvider =
            switch parameters.mode {
            case .http: PiperServer(parameters)
            case .process: PiperProgram(parameters)
            }
        stage = SpeechStage(provider, parameters.speech)
    }
}

extension PiperTTS {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// How Piper is reached.
        public var mode = Mode.http
        /// The voice.
        public var voice: String?
        /// One of the voice's speakers.
        public var speaker: Int?
        /// How many times longer than usual speech lasts.
        public var stretch: Double?
        /// Rate of the audio that is emitted, and of the voice where a program gives samples without a header.
        public var rateHz = 22_050
        /// The program's name or path.
        public var program = "piper"
        /// Silence by which a program's sentence counts as complete.
        public var quiet = Duration.milliseconds(250)
        package var provider = ProviderParameters(baseURL: "http://127.0.0.1:5000", timeouts: .localSpeech)
        package var speech = SpeechSettings()

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("mode", \.mode, "How Piper is reached."),
            .optional(
                "voice", \.voice, "Name of the voice, or the path of its model, which mode: process needs."),
            .optional("speaker", \.speaker, in: 0...10_000, "Number of one of the voice's speakers."),
            .optional("stretch_ratio", \.stretch, in: 0.3...3, "How many times longer than usual speech lasts."),
            .optional(
                "rate_hz", \.rateHz, in: 8000...48_000,
                "Rate of the audio that is emitted; in mode: process it must be the voice's own."),
            .optional("program", \.program, "Name or path of the program, for mode: process."),
            .optional(
                "quiet", \.quiet, in: .milliseconds(20) ... .seconds(5),
                "Silence by which a program's sentence counts as complete, for it does not say when it is."),
            .cache(\.speech.isCaching),
            .prerender(\.speech.prerendered),
            .baseURL(\.provider.baseURL),
            .firstByteTimeout(\.provider.timeouts.firstByte),
            .idleTimeout(\.provider.timeouts.idle)
        )

        /// Creates the defaults.
        public init() {}

        public func validate(into issues: inout ParameterIssues) {
            issues.checkBaseURL(provider.baseURL)
            guard mode == .process else { return }
            if voice == nil { issues.error("voice", "mode: process needs it; name the path of the .onnx file") }
            if program.isEmpty { issues.error("program", "it is empty; name the program, such as 'piper'") }
        }
    }

    /// How Piper is reached.
    public enum Mode: String, ParameterChoice {
        case http, process

        public var summary: String {
            switch self {
            case .http: "over HTTP, one server for all sessions"
            case .process: "as a program of the session's own, with one to spare for after an interruption"
            }
        }
    }
}
