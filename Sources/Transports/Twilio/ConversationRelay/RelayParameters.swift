// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What a pipeline file may set of ConversationRelay; names and values are Twilio's, the defaults too.
///
/// - SeeAlso: https://www.twilio.com/docs/voice/twiml/connect/conversationrelay
public struct RelayParameters: ParameterGroup {
    /// The form of the messages that are sent.
    public enum Dialect: String, ParameterChoice {
        /// The documented protocol.
        case conversationRelay = "conversation_relay"
        /// Whole replies as 'response.create' messages.
        case responseCreate = "response_create"

        public var summary: String {
            switch self {
            case .conversationRelay: "the documented protocol: each piece of a reply as the model yields it"
            case .responseCreate: "whole replies as 'response.create' messages, which Twilio itself refuses"
            }
        }
    }

    /// What the caller does that is meant.
    public enum Input: String, ParameterChoice {
        /// Nothing.
        case none
        /// Keys.
        case dtmf
        /// Words.
        case speech
        /// Words and keys.
        case any

        public var summary: String {
            switch self {
            case .none: "nothing"
            case .dtmf: "keys"
            case .speech: "words"
            case .any: "words and keys"
            }
        }

        var includesSpeech: Bool { self == .speech || self == .any }
    }

    /// How easily the caller's voice interrupts.
    public enum Sensitivity: String, ParameterChoice {
        /// Only clear speech.
        case low
        /// Most speech.
        case medium
        /// Any speech.
        case high

        public var summary: String { "\(rawValue) sensitivity" }
    }

    /// The form of the messages that are sent.
    public var dialect = Dialect.conversationRelay
    /// What Twilio says by itself before the agent.
    public var welcomeGreeting: String?
    /// What breaks into that greeting.
    public var welcomeGreetingInterruptible: Input?
    /// The language of both sides.
    public var language: String?
    /// The agent's language, where it differs.
    public var ttsLanguage: String?
    /// The caller's language, where it differs.
    public var transcriptionLanguage: String?
    /// Who speaks.
    public var ttsProvider: String?
    /// The voice, by its provider's name.
    public var voice: String?
    /// Who recognises.
    public var transcriptionProvider: String?
    /// The recogniser's model.
    public var speechModel: String?
    /// What breaks into the agent's words.
    public var interruptible = Input.any
    /// How easily the caller's voice does.
    public var interruptSensitivity: Sensitivity?
    /// What is told while the agent speaks.
    public var reportInputDuringAgentSpeech = Input.none
    /// Whether a new reply cuts the one that is being spoken.
    public var preemptible = false
    /// Whether keys are told.
    public var dtmfDetection = true
    /// Words that are likely.
    public var hints: String?
    /// Whether unfinished words come too.
    public var partialPrompts = false
    /// How sure the recogniser must be that the caller is done.
    public var eotThreshold: Double?
    /// Silence that ends the caller's words.
    public var speechTimeout: Duration?
    /// Whether 'uh-huh' and the like are not told.
    public var ignoreBackchannel = false
    /// Whether Deepgram writes numbers as digits.
    public var deepgramSmartFormat: Bool?
    /// Whether ElevenLabs reads numbers as words.
    public var elevenlabsTextNormalization: String?
    /// Whether swear words are masked.
    public var profanityFilter: Bool?
    /// What Twilio tells besides.
    public var events: [String] = []
    /// A Conversational Intelligence service.
    public var intelligenceService: String?
    /// A conversation configuration.
    public var conversationConfiguration: String?
    /// Languages that the call may change to.
    public var languages: [RelayLanguage] = []
    /// How often a connection that broke is taken up again.
    public var reconnects = 2
    /// How long a broken connection is waited for.
    public var reconnectTimeout = Duration.seconds(10)
    /// What the caller hears then.
    public var reconnectGreeting = "Sorry, we were cut off for a moment. Please go on."

    public static let template = Self()

    public func validate(into issues: inout ParameterIssues) {
        if dialect == .responseCreate, partialPrompts {
            issues.error("partial_prompts", "the dialect 'response_create' knows none; leave one of the two out")
        }
        let known = ["speaker-events", "tokens-played"]
        for event in events where !known.contains(event) {
            issues.error("events", "\(event.shown) is none of \(known.listed("or"))")
        }
    }

    /// Whether the caller's words can only come when nothing is being spoken any more.
    var promptsFollowSpeech: Bool {
        interruptible.includesSpeech && !reportInputDuringAgentSpeech.includesSpeech
    }
}

/// The settings of a language that a call may change to.
public struct RelayLanguage: ParameterGroup {
    /// The language, such as `sv-SE`; `multi` finds out by itself.
    public var code = "sv-SE"
    /// Who speaks.
    public var ttsProvider: String?
    /// The voice, by its provider's name.
    public var voice: String?
    /// Who recognises.
    public var transcriptionProvider: String?
    /// The recogniser's model.
    public var speechModel: String?

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .required("code", \.code, "The language, such as sv-SE; 'multi' finds out by itself."),
        .optional("tts_provider", \.ttsProvider, "Who speaks: Google, Amazon or ElevenLabs."),
        .optional("voice", \.voice, "The voice, by its provider's name."),
        .optional("transcription_provider", \.transcriptionProvider, "Who recognises: Google or Deepgram."),
        .optional("speech_model", \.speechModel, "The recogniser's model, by its provider's name.")
    )
}
