// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Speaks sentences with Coqui's server, which gives a file for each, or with the XTTS server, which streams.
///
/// What the voice gives is brought to `rate_hz`. Word times are estimated. See ``SpeechService`` for what all synthesisers
/// of providers have in common.
///
/// - SeeAlso: https://github.com/idiap/coqui-ai-TTS, https://github.com/coqui-ai/xtts-streaming-server
public final class CoquiTTS: SpeechService {
    public static let name = "coqui_tts"
    public static let summary = "Speaks sentences with a Coqui TTS server, or with the XTTS streaming server."

    public static func pads(_ parameters: Parameters) -> Pads { speechPads(AudioFormat(rateHz: parameters.rateHz)) }

    public let stage: SpeechStage

    /// Creates a synthesiser for one session.
    public init(_ parameters: Parameters) {
        let provider: any SpeechProvider =
            switch parameters.server {
            case .tts: CoquiServer(parameters)
            case .xtts: XTTSServer(parameters)
            }
        stage = SpeechStage(provider, parameters.speech)
    }
}

extension CoquiTTS {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// Which server it is.
        public var server = Server.tts
        /// One of the model's speakers.
        public var speaker: String?
        /// The language, for a model of several.
        public var language: String?
        /// Rate of the audio that is emitted.
        public var rateHz = 22_050
        package var provider = ProviderParameters(baseURL: "http://127.0.0.1:5002", timeouts: .localSpeech)
        package var speech = SpeechSettings()

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .baseURL(\.provider.baseURL),
            .optional("server", \.server, "Which server it is."),
            .optional("speaker", \.speaker, "One of the model's speakers; xtts needs one, such as Claribel Dervla."),
            .optional("language", \.language, "Code of the language, for a model of several; en for xtts if not set."),
            .optional("rate_hz", \.rateHz, in: 8000...48_000, "Rate of the audio that is emitted."),
            .cache(\.speech.isCaching),
            .prerender(\.speech.prerendered),
            .firstByteTimeout(\.provider.timeouts.firstByte),
            .idleTimeout(\.provider.timeouts.idle)
        )

        /// Creates the defaults.
        public init() {}

        public func validate(into issues: inout ParameterIssues) {
            issues.checkBaseURL(provider.baseURL)
            if server == .xtts, speaker == nil {
                issues.error("speaker", "xtts needs it; GET /studio_speakers of the server lists them")
            }
        }
    }

    /// Which server it is.
    public enum Server: String, ParameterChoice {
        case tts, xtts

        public var summary: String {
            switch self {
            case .tts: "tts-server: any Coqui model, a whole sentence at a time"
            case .xtts: "xtts-streaming-server: the first audio comes while the rest is computed; needs a GPU"
            }
        }
    }
}
