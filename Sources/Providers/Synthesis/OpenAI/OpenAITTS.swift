// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
public import PipelineKit

/// Speaks sentences with OpenAI's speech endpoint, or with a server that offers the same: Groq, Kokoro, vLLM.
///
/// Word times are estimated. A server whose samples are not at 24 kHz must be asked for `wav`, whose header tells their
/// rate. See ``SpeechService`` for what all synthesisers of providers have in common.
///
/// - SeeAlso: https://platform.openai.com/docs/api-reference/audio/createSpeech
public final class OpenAITTS: SpeechService {
    public static let name = "openai_tts"
    public static let summary = "Speaks sentences with OpenAI's speech endpoint, or a server that offers the same."

    public static func pads(_ parameters: Parameters) -> Pads { speechPads(parameters.format) }

    public let stage: SpeechStage

    /// Creates a synthesiser for one session.
    public init(_ parameters: Parameters) { stage = SpeechStage(OpenAISpeech(parameters), parameters.speech) }
}

extension OpenAITTS {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// What the model is called.
        public var model = "gpt-4o-mini-tts"
        /// What the voice is called.
        public var voice = "alloy"
        /// How the voice is to speak, where the model takes that.
        public var instructions: String?
        /// Speed, if not the voice's own.
        public var speed: Double?
        /// What the server is asked for.
        public var container = Container.pcm
        /// Rate of the audio that is emitted.
        public var rateHz = 24_000
        package var provider = ProviderParameters(baseURL: "https://api.openai.com/v1", timeouts: .cloudSpeech)
        package var speech = SpeechSettings()

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .baseURL(\.provider.baseURL),
            .apiKey(\.provider.apiKey),
            .optional("model", \.model, "Name of the model."),
            .optional("voice", \.voice, "Name of the voice."),
            .optional("instructions", \.instructions, "How the voice is to speak; not every model takes them."),
            .optional("speed_ratio", \.speed, in: 0.25...4, "Speed of speech, if not the voice's own."),
            .optional("response_format", \.container, "What the server is asked for."),
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
        }

        var format: AudioFormat { AudioFormat(rateHz: rateHz) }
    }

    /// What a server is asked for.
    public enum Container: String, ParameterChoice {
        case pcm, wav

        public var summary: String {
            switch self {
            case .pcm: "samples at 24 kHz; what OpenAI streams the soonest"
            case .wav: "a header and samples; for servers with another rate, such as Groq"
            }
        }
    }
}

/// How OpenAI's speech endpoint is asked.
final class OpenAISpeech: SpeechProvider {
    /// The rate of `pcm`, which nothing in the answer tells.
    static let pcm = AudioFormat(rateHz: 24_000)

    let client: ProviderClient
    let format: AudioFormat
    let expected: AudioFormat?
    let longestText = 4096
    private let parameters: OpenAITTS.Parameters

    init(_ parameters: OpenAITTS.Parameters) {
        self.parameters = parameters
        client = ProviderClient("openai_tts", parameters.provider)
        format = parameters.format
        expected = parameters.container == .pcm ? Self.pcm : nil
    }

    var identity: String {
        var settings = Self.content("", parameters)
        settings = settings.appending(["base_url": .string(parameters.provider.baseURL)])
        return settings.description
    }

    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        let request = ProviderRequest.speech(
            parameters.provider.url("/audio/speech"), Self.content(text, parameters),
            headers: parameters.provider.bearer)
        return try HTTPSpeechAnswer(try await client.send(request, output))
    }

    /// The content of a request.
    static func content(_ text: String, _ parameters: OpenAITTS.Parameters) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("model", .string(parameters.model)), .init("voice", .string(parameters.voice)),
            .init("input", .string(text)), .init("response_format", .string(parameters.container.rawValue)),
        ]
        if let speed = parameters.speed { members.append(.init("speed", .number(speed))) }
        if let instructions = parameters.instructions { members.append(.init("instructions", .string(instructions))) }
        return .object(members)
    }
}

extension ProviderParameters {
    /// The key as OpenAI and others take it.
    var bearer: [(name: String, value: String)] {
        apiKey.map { [("authorization", "Bearer \($0.value)")] } ?? []
    }
}
