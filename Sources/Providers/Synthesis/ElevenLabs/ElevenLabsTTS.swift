// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Speaks sentences with ElevenLabs, over a socket or over HTTP; the words are timed by what it tells of each character.
///
/// Over a socket each sentence has a context of its own, so that what comes late for one that was broken off is known and
/// refused. With `encoding: mulaw` and `rate_hz: 8000` what comes goes to a telephone call byte for byte. See
/// ``SpeechService`` for what all synthesisers of providers have in common.
///
/// - SeeAlso: https://elevenlabs.io/docs/api-reference/text-to-speech/v-1-text-to-speech-voice-id-multi-stream-input
public final class ElevenLabsTTS: SpeechService {
    public static let name = "elevenlabs_tts"
    public static let summary = "Speaks sentences with ElevenLabs; the words are timed exactly."

    public static func pads(_ parameters: Parameters) -> Pads { speechPads(parameters.format) }

    public let stage: SpeechStage

    /// Creates a synthesiser for one session.
    public init(_ parameters: Parameters) { stage = SpeechStage(ElevenLabsSpeech(parameters), parameters.speech) }
}

extension ElevenLabsTTS {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// The voice's identifier.
        public var voice = "21m00Tcm4TlvDq8ikWAM"
        /// The model.
        public var model = "eleven_flash_v2_5"
        /// How sentences are asked for.
        public var mode = SpeechMode.websocket
        /// The form of the samples.
        public var encoding = SpeechEncoding.linear16
        /// Samples per second.
        public var rateHz = 24_000
        /// The language, if the model is to be told.
        public var language: String?
        /// From lively to even.
        public var stability: Double?
        /// How closely the voice is followed.
        public var similarity: Double?
        /// Speed, if not the voice's own.
        public var speed: Double?
        package var provider = ProviderParameters(baseURL: "https://api.elevenlabs.io", timeouts: .cloudSpeech)
        package var speech = SpeechSettings()

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .apiKey(\.provider.apiKey),
            .optional("voice", \.voice, "Identifier of the voice."),
            .optional("model", \.model, "Name of the model."),
            .optional("mode", \.mode, "How sentences are asked for."),
            .optional("encoding", \.encoding, "The form of the samples."),
            .optional(
                "rate_hz", \.rateHz, in: 8000...48_000,
                "Samples per second: 8000, 16000, 22050, 24000, 32000, 44100 or 48000; of mulaw and alaw 8000."),
            .optional("language", \.language, "Code of the language, such as en; not every model takes one."),
            .optional("stability_ratio", \.stability, in: 0...1, "From lively to even, if not the voice's own."),
            .optional(
                "similarity_ratio", \.similarity, in: 0...1,
                "How closely the voice is followed, if not the voice's own."),
            .optional("speed_ratio", \.speed, in: 0.7...1.2, "Speed of speech, if not the voice's own."),
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
            if voice.isEmpty { issues.error("voice", "it is empty; copy the identifier from the voice's page") }
            let rates = encoding == .linear16 ? [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] : [8000]
            guard !rates.contains(rateHz) else { return }
            let names = rates.map { "\($0)" }.joined(separator: ", ")
            issues.error("rate_hz", "elevenlabs speaks \(encoding.rawValue) at \(names); choose one of these")
        }

        var format: AudioFormat { AudioFormat(rateHz: rateHz, encoding: encoding.format) }
    }
}
