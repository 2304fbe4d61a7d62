// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What a pipeline file may set of the ``TwilioTransport``.
public struct TwilioParameters: ProcessorParameters {
    /// In which form the calls come.
    public enum Mode: String, ParameterChoice {
        /// The pipeline hears and speaks.
        case mediaStreams = "media_streams"
        /// Twilio hears and speaks, the pipeline reads and writes.
        case conversationRelay = "conversation_relay"
        /// Twilio speaks, and asks again for every reply.
        case twiml

        public var summary: String {
            switch self {
            case .mediaStreams: "the call's sound comes and goes over a WebSocket; the pipeline recognises and speaks"
            case .conversationRelay: "Twilio recognises and speaks; words come and go over a WebSocket"
            case .twiml: "Twilio records and speaks, one webhook for every reply; slow, but without a WebSocket"
            }
        }
    }

    /// The port of the server; several transports may share it.
    public var port = 8080
    /// In which form the calls come.
    public var mode = Mode.mediaStreams
    /// The account, which calls are placed with.
    public var accountSID: String?
    /// The account's secret: signs webhooks and opens the REST API.
    public var authToken: Secret<String>?
    /// The secret that is valid besides, while the two are changed over.
    public var otherAuthToken: Secret<String>?
    /// Whether requests must bear the account's signature.
    public var checkSignatures = true
    /// The number that calls.
    public var phoneNumber: String?
    /// Where the REST API is.
    public var apiURL = "https://api.twilio.com/2010-04-01"
    /// Where Twilio asks what to do with a call.
    public var path = "/voice"
    /// Where the sound of calls comes in.
    public var streamPath = "/twilio/media"
    /// What Twilio says before the agent does.
    public var greeting: String?
    /// How far ahead the agent's sound is sent.
    public var lead = Duration.milliseconds(100)
    /// What is set of ConversationRelay.
    public var relay = RelayParameters.template
    /// What is set of the loop of webhooks.
    public var loop = LoopParameters.template
    /// How calls are placed.
    public var outbound = OutboundParameters.template

    public static let template = Self()

    /// Creates the defaults.
    public init() {}
}

extension TwilioParameters {
    public static let schema = ParameterSchema<Self>(
        .optional("port", \.port, in: 0...65535, "Port of the server; 0 takes any that is free."),
        .optional("mode", \.mode, "In which form the calls come."),
        .optional("account_sid", \.accountSID, "The account, as AC and 32 digits; needed to place and end calls."),
        .optional(
            "auth_token", \.authToken, "The account's auth token: proves that requests are Twilio's, and opens its API."
        ),
        .optional("other_auth_token", \.otherAuthToken, "A second auth token that is taken while the two change over."),
        .optional(
            "check_signatures", \.checkSignatures,
            "Whether requests that do not bear the account's signature are refused; off for tests on one machine alone."
        ),
        .optional("phone_number", \.phoneNumber, "Number that calls, as +15550100; needed to place calls."),
        .optional("api_url", \.apiURL, "Address of Twilio's REST API; of another region, or of a stand-in."),
        .optional("path", \.path, "Path under which Twilio asks what to do with a call."),
        .optional("stream_path", \.streamPath, "Path under which Twilio opens the WebSocket of a call's sound."),
        .optional(
            "greeting", \.greeting,
            "What Twilio says before the agent is connected, or, in the mode twiml, in the place of its first words."),
        .optional(
            "lead", \.lead, in: .milliseconds(20) ... .milliseconds(200),
            "Time by which sound is sent ahead; more bears a worse network, less leaves less to take back."),
        .optional("conversation_relay", \.relay, "What is set of calls in the mode conversation_relay."),
        .optional("twiml", \.loop, "What is set of calls in the mode twiml."),
        .optional("outbound", \.outbound, "How calls are placed, transferred and summed up.")
    )

    public func validate(into issues: inout ParameterIssues) {
        if checkSignatures, authToken == nil {
            issues.error(
                "auth_token",
                "missing, so that no request can be told from a forged one; write auth_token: ${TWILIO_AUTH_TOKEN}, "
                    + "or check_signatures: false where nobody else reaches the server")
        }
        for (key, number) in [
            ("phone_number", phoneNumber), ("outbound", outbound.summaryTo), ("outbound", outbound.transferTo),
        ] {
            guard let number else { continue }
            do { _ = try PhoneNumber(number) } catch { issues.error(key, "\(number.shown) is no number: \(error)") }
        }
        for (key, path) in [("path", path), ("stream_path", streamPath)] where !path.hasPrefix("/") {
            issues.error(key, "\(path.shown) is no path; begin it with a slash")
        }
        if !apiURL.hasPrefix("https://"), !apiURL.hasPrefix("http://127.0.0.1"), !apiURL.hasPrefix("http://localhost") {
            issues.error("api_url", "the account's secret travels there; begin it with https://")
        }
    }
}
