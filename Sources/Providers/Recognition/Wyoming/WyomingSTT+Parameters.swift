// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension WyomingSTT {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// The server's name or address.
        public var host = "127.0.0.1"
        /// The server's port.
        public var port = 10300
        /// The model.
        public var model: String?
        /// The language of the caller.
        public var language: String?
        /// Audio heard from before the speech.
        public var preRoll = Duration.milliseconds(300)
        /// The longest recording.
        public var longestUtterance = Duration.seconds(30)
        /// Time from the end of speech to its words.
        public var finalDeadline = Duration.seconds(10)
        /// Time that a connection may take.
        public var connectTimeout = Duration.seconds(2)

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("host", \.host, "Name or address of the server."),
            .optional("port", \.port, in: 1...65_535, "Port of the server; 10300 is that of faster-whisper."),
            .optional("model", \.model, "The server's model, where it has several."),
            .optional("language", \.language, "Language of the caller, such as en; otherwise the server's own."),
            .optional(
                "pre_roll", \.preRoll, in: .zero ... .seconds(2), "Audio heard from before the speech was noticed."),
            .optional(
                "longest_utterance", \.longestUtterance, in: .seconds(1) ... .seconds(300),
                "Speech after which its beginning is recognised although the caller goes on."),
            .optional(
                "final_deadline", \.finalDeadline, in: .milliseconds(100) ... .seconds(60),
                "Time from the end of speech within which its words must come."),
            .connectTimeout(\.connectTimeout)
        )

        /// Creates the defaults: a server on this machine.
        public init() {}

        var settings: SegmentSettings {
            var settings = SegmentSettings(provider: WyomingTranscriber.provider)
            settings.preRoll = preRoll
            settings.longest = longestUtterance
            settings.finalDeadline = finalDeadline
            return settings
        }
    }
}
