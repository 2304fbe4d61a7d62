// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension OpenAISTT {
    /// How much the service is asked to tell.
    public enum ResponseFormat: String, ParameterChoice {
        /// Text only.
        case json
        /// Text, times and probabilities.
        case verbose = "verbose_json"

        public var summary: String {
            switch self {
            case .json: "text only; the one form of gpt-4o-transcribe"
            case .verbose: "also the times of words, and how sure the service is; what Whisper invents is found by it"
            }
        }
    }

    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// The account's key.
        public var apiKey: Secret<String>?
        /// Where the service is.
        public var baseURL = "https://api.openai.com/v1"
        /// The model.
        public var model = "gpt-4o-mini-transcribe"
        /// The language of the caller.
        public var language: String?
        /// What may be expected, in the caller's language.
        public var prompt: String?
        /// How much the service is asked to tell.
        public var responseFormat: ResponseFormat?
        /// Audio heard from before the speech.
        public var preRoll = Duration.milliseconds(300)
        /// The longest upload.
        public var longestUtterance = Duration.seconds(30)
        /// Time from the end of speech to its words.
        public var finalDeadline = Duration.seconds(5)

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .apiKey(\.apiKey),
            .baseURL(\.baseURL),
            .optional(
                "model", \.model, "The service's model, such as whisper-1, or whisper-large-v3-turbo at Groq."),
            .optional("language", \.language, "Caller's language by ISO 639-1, such as en; otherwise it is guessed."),
            .optional("prompt", \.prompt, "Words and names that may be expected, in the caller's language."),
            .optional(
                "response_format", \.responseFormat,
                "How much the service is to tell; by default everything that models named like Whisper can."),
            .optional(
                "pre_roll", \.preRoll, in: .zero ... .seconds(2), "Audio heard from before the speech was noticed."),
            // At 16 kHz and 16 bits that is 9.6 MB; services take 25 MB.
            .optional(
                "longest_utterance", \.longestUtterance, in: .seconds(1) ... .seconds(300),
                "Speech after which an upload is made although the caller goes on."),
            .optional(
                "final_deadline", \.finalDeadline, in: .milliseconds(100) ... .seconds(60),
                "Time from the end of speech within which its words must come.")
        )

        /// Creates the defaults.
        public init() {}

        public func validate(into issues: inout ParameterIssues) { issues.checkBaseURL(baseURL) }

        var settings: SegmentSettings {
            var settings = SegmentSettings(provider: OpenAITranscriber.provider)
            settings.preRoll = preRoll
            settings.longest = longestUtterance
            settings.finalDeadline = finalDeadline
            return settings
        }
    }
}
