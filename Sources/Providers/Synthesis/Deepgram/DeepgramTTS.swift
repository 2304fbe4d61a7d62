// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Speaks sentences with Deepgram Aura, over a socket or over HTTP.
///
/// With `encoding: mulaw` and `rate_hz: 8000` what Deepgram sends goes to a telephone call byte for byte. A socket flushes
/// once for each sentence; a sentence beyond the 20 that Deepgram allows in a minute is asked for over HTTP. Word times are
/// estimated. See ``SpeechService`` for what all synthesisers of providers have in common.
///
/// - SeeAlso: https://developers.deepgram.com/docs/tts-media-output-settings
public final class DeepgramTTS: SpeechService {
    public static let name = "deepgram_tts"
    public static let summary = "Speaks sentences with Deepgram Aura; a telephone's µ-law is passed through untouched."

    public static func pads(_ parameters: Parameters) -> Pads { speechPads(parameters.format) }

    public let stage: SpeechStage

    /// Creates a synthesiser for one session.
    public init(_ parameters: Parameters) { stage = SpeechStage(DeepgramSpeech(parameters), parameters.speech) }
}

extension DeepgramTTS {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// Model, voice and language.
        public var model = "aura-2-thalia-en"
        /// How sentences are asked for.
        public var mode = SpeechMode.websocket
        /// The form of the samples.
        public var encoding = SpeechEncoding.linear16
        /// Samples per second.
        public var rateHz = 24_000
        /// Speed, if not the voice's own.
        public var speed: Double?
        package var provider = ProviderParameters(baseURL: "https://api.deepgram.com", timeouts: .cloudSpeech)
        package var speech = SpeechSettings()

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .apiKey(\.provider.apiKey),
            .optional("model", \.model, "Model, voice and language in one name."),
            .optional("mode", \.mode, "How sentences are asked for."),
            .optional("encoding", \.encoding, "The form of the samples."),
            .optional(
                "rate_hz", \.rateHz, in: 8000...48_000,
                "Samples per second: 8000, 16000, 24000, 32000 or 48000; of mulaw and alaw 8000 or 16000."),
            .optional("speed_ratio", \.speed, in: 0.7...1.5, "Speed of speech, if not the voice's own."),
            .cache(\.speech.isCaching),
            .prerender(\.speech.prerendered),
            .baseURL(\.provider.baseURL),
            .connectTimeout(\.provider.timeouts.connect),
            .firstByteTimeout(\.provider.timeouts.firstByte),
            .idleTimeout(\.provider.timeouts.idle)
        )

        /// Creates the defaults.
        public init() {}

        public func validate(into issues: inout ParameterIssues) {
            issues.checkBaseURL(provider.baseURL)
            let rates = encoding == .linear16 ? [8000, 16_000, 24_000, 32_000, 48_000] : [8000, 16_000]
            guard !rates.contains(rateHz) else { return }
            let names = rates.map { "\($0)" }.joined(separator: ", ")
            issues.error("rate_hz", "deepgram speaks \(encoding.rawValue) at \(names); choose one of these")
        }

        var format: AudioFormat { AudioFormat(rateHz: rateHz, encoding: encoding.format) }
    }
}
