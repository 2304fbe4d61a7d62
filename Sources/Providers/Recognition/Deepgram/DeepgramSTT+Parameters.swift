// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension DeepgramSTT {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// The account's key.
        public var apiKey: Secret<String>?
        /// Where the service is.
        public var baseURL = "wss://api.deepgram.com"
        /// The model.
        public var model = "nova-3"
        /// The language of the caller.
        public var language = "en"
        /// Whether numbers, dates and the like are written as people write them.
        public var smartFormat = true
        /// Whether words are told while the caller speaks.
        public var partials = true
        /// Words that are to be expected.
        public var keyterms: [String] = []
        /// Silence after which Deepgram takes an utterance to be over.
        public var endpointing: Duration?
        /// Gap between words after which Deepgram takes an utterance to be over, whatever the noise.
        public var utteranceEnd: Duration?
        /// Time from the end of speech to its last words.
        public var finalDeadline = Duration.seconds(1)
        /// Audio kept for a new connection.
        public var replay = Duration.seconds(10)
        /// Time that a connection may take.
        public var connectTimeout = Duration.seconds(5)

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .apiKey(\.apiKey),
            .baseURL(\.baseURL),
            .optional("model", \.model, "Deepgram's model, such as nova-3, nova-2-phonecall or nova-3-medical."),
            .optional("language", \.language, "Language of the caller, such as en-US; multi for several at once."),
            .optional("smart_format", \.smartFormat, "Whether numbers, dates and amounts are written as figures."),
            .optional("partials", \.partials, "Whether words are told while the caller is still speaking."),
            .optional("keyterms", \.keyterms, "Words and names to listen for; with the models of nova-3."),
            .optional(
                "endpointing", \.endpointing, in: .milliseconds(10) ... .seconds(10),
                "Silence after which Deepgram itself ends an utterance; otherwise voice activity detection does."),
            .optional(
                "utterance_end", \.utteranceEnd, in: .seconds(1) ... .seconds(10),
                "Gap between words after which Deepgram ends an utterance although it is not silent."),
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
            if utteranceEnd != nil, endpointing == nil {
                issues.error("utterance_end", "is of use only with endpointing; add 'endpointing: 300ms'")
            }
            if utteranceEnd != nil, !partials {
                issues.error("utterance_end", "needs partials; remove 'partials: false'")
            }
        }

        /// Where the service is and who asks.
        var provider: ProviderParameters {
            ProviderParameters(baseURL: baseURL, apiKey: apiKey, timeouts: ProviderTimeouts(connect: connectTimeout))
        }

        /// Asks for a connection that takes audio of `format`.
        func request(_ format: AudioFormat) -> ProviderRequest {
            var query = FormText()
            query.add("model", model)
            query.add("language", language)
            query.add("encoding", format.encoding.rawValue)
            query.add("sample_rate", String(format.rateHz))
            query.add("channels", String(format.channels))
            query.add("interim_results", String(partials))
            query.add("smart_format", String(smartFormat))
            if smartFormat { query.add("no_delay", "true") }
            query.add("endpointing", endpointing.map { String(Int($0.milliseconds)) } ?? "false")
            query.add("utterance_end_ms", utteranceEnd.map { String(Int($0.milliseconds)) })
            for term in keyterms { query.add("keyterm", term) }
            var request = ProviderRequest(url: provider.url("/v1/listen?" + query.text))
            if let apiKey { request.headers.append(("authorization", "Token \(apiKey.value)")) }
            return request
        }
    }
}
