// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension WhisperCppSTT {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// Where the server is.
        public var baseURL = "http://127.0.0.1:8080"
        /// What the server calls its transcription.
        public var path = "/inference"
        /// The language of the caller.
        public var language = "en"
        /// What may be expected.
        public var prompt: String?
        /// Whether words are told while the caller speaks.
        public var partials = true
        /// Time between two guesses.
        public var partialInterval = Duration.seconds(1)
        /// Audio heard from before the speech.
        public var preRoll = Duration.milliseconds(300)
        /// The longest recording.
        public var longestUtterance = Duration.seconds(30)
        /// Time from the end of speech to its words.
        public var finalDeadline = Duration.seconds(10)

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .baseURL(\.baseURL),
            .optional("path", \.path, "Path of the transcription, as the server's --inference-path says."),
            .optional("language", \.language, "Language of the caller by ISO 639-1, or auto to have it guessed."),
            .optional("prompt", \.prompt, "Words and names that may be expected."),
            .optional(
                "partials", \.partials,
                "Whether words are told while the caller is still speaking; costs a recognition each time."),
            .optional(
                "partial_interval", \.partialInterval, in: .milliseconds(200) ... .seconds(10),
                "Time between an answer and the next question while the caller speaks."),
            .optional(
                "pre_roll", \.preRoll, in: .zero ... .seconds(2), "Audio heard from before the speech was noticed."),
            // Whisper looks at 30 s at a time.
            .optional(
                "longest_utterance", \.longestUtterance, in: .seconds(1) ... .seconds(30),
                "Speech after which its beginning is recognised although the caller goes on."),
            .optional(
                "final_deadline", \.finalDeadline, in: .milliseconds(100) ... .seconds(60),
                "Time from the end of speech within which its words must come.")
        )

        /// Creates the defaults: a server on this machine.
        public init() {}

        public func validate(into issues: inout ParameterIssues) {
            issues.checkBaseURL(baseURL)
            if path.first != "/" { issues.error("path", "does not begin with a slash; write '/inference'") }
        }

        var settings: SegmentSettings {
            var settings = SegmentSettings(provider: WhisperCppTranscriber.provider)
            settings.preRoll = preRoll
            settings.longest = longestUtterance
            settings.finalDeadline = finalDeadline
            settings.partialInterval = partials ? partialInterval : nil
            return settings
        }
    }
}
