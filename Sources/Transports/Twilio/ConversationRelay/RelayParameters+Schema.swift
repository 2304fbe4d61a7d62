// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension RelayParameters {
    public static let schema = ParameterSchema<Self>(
        .optional("dialect", \.dialect, "The form of the messages that are sent."),
        .optional(
            "welcome_greeting", \.welcomeGreeting,
            "What Twilio says by itself before the agent; set 'greet: false' of user_context with it."),
        .optional(
            "welcome_greeting_interruptible", \.welcomeGreetingInterruptible, "What breaks into that greeting."),
        .optional("language", \.language, "The language of both sides, such as en-US."),
        .optional("tts_language", \.ttsLanguage, "The agent's language, where it differs."),
        .optional("transcription_language", \.transcriptionLanguage, "The caller's language, where it differs."),
        .optional("tts_provider", \.ttsProvider, "Who speaks: Google, Amazon or ElevenLabs."),
        .optional("voice", \.voice, "The voice, by its provider's name."),
        .optional("transcription_provider", \.transcriptionProvider, "Who recognises: Google or Deepgram."),
        .optional("speech_model", \.speechModel, "The recogniser's model, by its provider's name."),
        .optional("interruptible", \.interruptible, "What breaks into the agent's words."),
        .optional("interrupt_sensitivity", \.interruptSensitivity, "How easily the caller's voice does."),
        .optional(
            "report_input_during_agent_speech", \.reportInputDuringAgentSpeech,
            "What the pipeline is told of while the agent speaks, whether it breaks in or not."),
        .optional("preemptible", \.preemptible, "Whether a new reply cuts the one that is being spoken."),
        .optional("dtmf_detection", \.dtmfDetection, "Whether the pipeline is told of keys."),
        .optional("hints", \.hints, "Words that are likely, with commas between them."),
        .optional("partial_prompts", \.partialPrompts, "Whether unfinished words come too; needs Deepgram's flux."),
        .optional(
            "eot_threshold", \.eotThreshold, in: 0.5...0.9, "How sure flux must be that the caller is done."),
        .optional(
            "speech_timeout", \.speechTimeout, in: .milliseconds(600) ... .seconds(5),
            "Silence that ends the caller's words; Twilio decides unless set."),
        .optional("ignore_backchannel", \.ignoreBackchannel, "Whether 'uh-huh' and the like are not told."),
        .optional("deepgram_smart_format", \.deepgramSmartFormat, "Whether Deepgram writes numbers as digits."),
        .optional(
            "elevenlabs_text_normalization", \.elevenlabsTextNormalization,
            "Whether ElevenLabs reads numbers as words: on, auto or off."),
        .optional("profanity_filter", \.profanityFilter, "Whether swear words are masked."),
        .optional(
            "events", \.events,
            "What Twilio tells besides: 'speaker-events', 'tokens-played'; makes what was heard exact."),
        .optional("intelligence_service", \.intelligenceService, "A Conversational Intelligence service."),
        .optional("conversation_configuration", \.conversationConfiguration, "A conversation configuration."),
        .optional("languages", \.languages, "Languages that the call may change to."),
        .optional(
            "reconnects", \.reconnects, in: 0...10, "How often a connection that broke is taken up again in a call."),
        .optional(
            "reconnect_timeout", \.reconnectTimeout, in: .seconds(1) ... .seconds(60),
            "How long a call waits for a connection that broke."),
        .optional("reconnect_greeting", \.reconnectGreeting, "What the caller hears then.")
    )
}
