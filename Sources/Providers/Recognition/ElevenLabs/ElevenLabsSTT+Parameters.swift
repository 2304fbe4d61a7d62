// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension ElevenLabsSTT {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// The account's key.
        public var apiKey: Secret<String>?
        /// Where the service is.
        public var baseURL = "wss://api.elevenlabs.io"
        /// The model.
        public var model = "scribe_v2_realtime"
        /// The language of the caller.
        public var language: String?
        /// Words that are to be expected.
        public var keyterms: [String] = []
        /// Time from the end of speech to its last words.
        public var finalDeadline = Duration.seconds(2)
        /// Audio kept for a new connection.
        public var replay = Duration.seconds(10)
        /// Time that a connection may take.
        public var connectTimeout = Duration.seconds(5)

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .apiKey(\.apiKey),
            .baseURL(\.baseURL),
            .optional("model", \.model, "ElevenLabs' model for live recognition."),
            .optional(
                "language", \.language,
                "Language of the caller by ISO 639, such as en, without a region; otherwise it is guessed."),
            .optional("keyterms", \.keyterms, "Words and names to listen for: at most 50, of at most 20 characters."),
            .optional(
                "final_deadline", \.finalDeadline, in: .milliseconds(100) ... .seconds(10),
                "Time from the end of speech within which the last words must come."),
            .optional(
                "replay", \.replay, in: .zero ... .seconds(60),
                "Audio that is kept and sent again when the connection breaks, at most."),
            .connectTimeout(\.connectTimeout)
        )

        /// Creates the defaults.
        public init() {}

        public func validate(into issues: inout ParameterIssues) {
            issues.checkBaseURL(baseURL, schemes: ["wss", "ws"])
            if let language, language.contains("-") {
                issues.error("language", "'\(language)' has a region; write the part before it")
            }
            if keyterms.count > 50 || keyterms.contains(where: { $0.count > 20 }) {
                issues.error("keyterms", "more than 50 terms, or one of more than 20 characters; shorten the list")
            }
        }

        var provider: ProviderParameters {
            ProviderParameters(baseURL: baseURL, apiKey: apiKey, timeouts: ProviderTimeouts(connect: connectTimeout))
        }

        /// Asks for a connection that takes audio of `format`.
        func request(_ format: AudioFormat) -> ProviderRequest {
            var query = FormText()
            query.add("model_id", model)
            query.add("audio_format", ElevenLabsFormat.name(format))
            query.add("commit_strategy", "manual")
            query.add("include_timestamps", "true")
            query.add("language_code", language)
            for term in keyterms { query.add("keyterms", term) }
            var request = ProviderRequest(url: provider.url("/v1/speech-to-text/realtime?" + query.text))
            if let apiKey { request.headers.append(("xi-api-key", apiKey.value)) }
            return request
        }
    }
}

/// What audio ElevenLabs takes.
enum ElevenLabsFormat {
    static let constraint = AudioConstraint(
        ratesHz: [16000, 8000, 22050, 24000, 44100, 48000], channels: [1], encodings: [.linear16, .mulaw])

    /// The name of a format; µ-law is taken at 8 kHz only.
    static func name(_ format: AudioFormat) -> String {
        format.encoding == .mulaw ? "ulaw_\(format.rateHz)" : "pcm_\(format.rateHz)"
    }
}
