// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What a pipeline file may set of ConversationRelay; names and values are Twilio's, the defaults too.
///
/// - SeeAlso: https://www.twilio.com/docs/voice/twiml/connect/conversationrelay
struct RelayParameters: ParameterGroup {
    /// The form of the messages that are sent.
    enum Dialect: String, ParameterChoice {
        case conversationRelay = "conversation_relay"
        case responseCreate = "response_create"

        var summary: String {
            switch self {
            case .conversationRelay: "the documented protocol: each piece of a reply as the model yields it"
            case .responseCreate: "whole replies as 'response.create' messages, which Twilio itself refuses"
            }
        }
    }

    /// What the caller does that is meant.
    enum Input: String, ParameterChoice {
        case none, dtmf, speech, any

        var summary: String {
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
    enum Sensitivity: String, ParameterChoice {
        case low, medium, high

        var summary: String { "\(rawValue) sensitivity" }
    }

    /// The form of the messages that are sent.
    var dialect = Dialect.conversationRelay
    /// The attributes, by Twilio's names, in the order in which they are written.
    var welcomeGreeting: String?
    var welcomeGreetingInterruptible: Input?
    var language: String?
    var ttsLanguage: String?
    var transcriptionLanguage: String?
    var ttsProvider: String?
    var voice: String?
    var transcriptionProvider: String?
    var speechModel: String?
    var interruptible = Input.any
    var interruptSensitivity: Sensitivity?
    var reportInputDuringAgentSpeech = Input.none
    var preemptible = false
    var dtmfDetection = true
    var hints: String?
    var partialPrompts = false
    var eotThreshold: Double?
    var speechTimeout: Duration?
    var ignoreBackchannel = false
    var deepgramSmartFormat: Bool?
    var elevenlabsTextNormalization: String?
    var profanityFilter: Bool?
    var events: [String] = []
    var intelligenceService: String?
    var conversationConfiguration: String?
    var languages: [RelayLanguage] = []
    /// How often a connection that broke is taken up again.
    var reconnects = 2
    /// How long a broken connection is waited for.
    var reconnectTimeout = Duration.seconds(10)
    /// What the caller hears then.
    var reconnectGreeting = "Sorry, we were cut off for a moment. Please go on."
    /// Who takes the call when the agent hands it off.
    var handOffTo: String?

    static let template = Self()

    func validate(into issues: inout ParameterIssues) {
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
struct RelayLanguage: ParameterGroup {
    /// The language, such as `sv-SE`; `multi` finds out by itself.
    var code = "sv-SE"
    var ttsProvider: String?
    var voice: String?
    var transcriptionProvider: String?
    var speechModel: String?

    static let template = Self()
    static let schema = ParameterSchema<Self>(
        .required("code", \.code, "The language, such as sv-SE; 'multi' finds out by itself."),
        .optional("tts_provider", \.ttsProvider, "Who speaks: Google, Amazon or ElevenLabs."),
        .optional("voice", \.voice, "The voice, by its provider's name."),
        .optional("transcription_provider", \.transcriptionProvider, "Who recognises: Google or Deepgram."),
        .optional("speech_model", \.speechModel, "The recogniser's model, by its provider's name.")
    )
}
