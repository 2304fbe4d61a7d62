// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Speaks sentences with a synthesiser that speaks the Wyoming protocol, such as wyoming-piper.
///
/// What the voice gives is brought to `rate_hz`. Word times are estimated. See ``SpeechService`` for what all synthesisers
/// of providers have in common.
///
/// - SeeAlso: https://github.com/OHF-Voice/wyoming
public final class WyomingTTS: SpeechService {
    public static let name = "wyoming_tts"
    public static let summary = "Speaks sentences with a server of the Wyoming protocol, such as wyoming-piper."

    public static func pads(_ parameters: Parameters) -> Pads { speechPads(AudioFormat(rateHz: parameters.rateHz)) }

    public let stage: SpeechStage

    /// Creates a synthesiser for one session.
    public init(_ parameters: Parameters) { stage = SpeechStage(WyomingSpeech(parameters), parameters.speech) }
}

extension WyomingTTS {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// Where the server is.
        public var host = "127.0.0.1"
        /// Where the server listens.
        public var port = 10_200
        /// The voice, if not the server's own.
        public var voice: String?
        /// One of the voice's speakers.
        public var speaker: String?
        /// Rate of the audio that is emitted.
        public var rateHz = 22_050
        package var timeouts = ProviderTimeouts.localSpeech
        package var speech = SpeechSettings()

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("host", \.host, "Name or address of the server."),
            .optional("port", \.port, in: 1...65_535, "Port of the server."),
            .optional("voice", \.voice, "Name of the voice, if not the server's own."),
            .optional("speaker", \.speaker, "One of the speakers of the voice, which must be named too."),
            .optional("rate_hz", \.rateHz, in: 8000...48_000, "Rate of the audio that is emitted."),
            .cache(\.speech.isCaching),
            .prerender(\.speech.prerendered),
            .connectTimeout(\.timeouts.connect),
            .firstByteTimeout(\.timeouts.firstByte),
            .idleTimeout(\.timeouts.idle)
        )

        /// Creates the defaults.
        public init() {}

        public func validate(into issues: inout ParameterIssues) {
            if host.isEmpty { issues.error("host", "it is empty; name the server, such as 127.0.0.1") }
            if speaker != nil, voice == nil { issues.error("speaker", "it needs 'voice', whose speaker it is") }
        }

        /// What the way to the server needs to know.
        var provider: ProviderParameters { ProviderParameters(baseURL: "tcp://\(host):\(port)", timeouts: timeouts) }
    }
}
