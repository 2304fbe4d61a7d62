// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension TwiML {
    /// ConversationRelay: Twilio recognises and speaks, text goes over a WebSocket; stands in `Connect`.
    struct ConversationRelay: TwiMLVerb {
        /// The WebSocket.
        var url: String
        /// Everything else.
        var settings: RelayParameters
        /// What Twilio says first; `nil` for what the settings say.
        var greeting: String?
        /// What the WebSocket's first message brings back.
        var parameters: [Parameter] = []

        var element: XMLElement {
            let languages = settings.languages.map(Self.element)
            var element = XMLElement("ConversationRelay", children: languages + parameters.map(\.element))
            element.set("url", url)
            setSpeech(&element)
            setListening(&element)
            element.set("events", settings.events.isEmpty ? nil : settings.events.joined(separator: " "))
            element.set("intelligenceService", settings.intelligenceService)
            element.set("conversationConfiguration", settings.conversationConfiguration)
            return element
        }

        private func setSpeech(_ element: inout XMLElement) {
            let welcome = greeting ?? settings.welcomeGreeting
            element.set("welcomeGreeting", welcome?.isEmpty == true ? nil : welcome)
            element.set("welcomeGreetingInterruptible", settings.welcomeGreetingInterruptible?.rawValue)
            element.set("language", settings.language)
            element.set("ttsLanguage", settings.ttsLanguage)
            element.set("transcriptionLanguage", settings.transcriptionLanguage)
            element.set("ttsProvider", settings.ttsProvider)
            element.set("voice", settings.voice)
            element.set("transcriptionProvider", settings.transcriptionProvider)
            element.set("speechModel", settings.speechModel)
            element.set("elevenlabsTextNormalization", settings.elevenlabsTextNormalization)
        }

        private func setListening(_ element: inout XMLElement) {
            // Written even where they are Twilio's defaults: what was heard is derived from them, and defaults change.
            element.set("interruptible", settings.interruptible.rawValue)
            element.set("reportInputDuringAgentSpeech", settings.reportInputDuringAgentSpeech.rawValue)
            element.set("interruptSensitivity", settings.interruptSensitivity?.rawValue)
            element.set("preemptible", settings.preemptible ? true : nil)
            element.set("dtmfDetection", settings.dtmfDetection)
            element.set("hints", settings.hints)
            element.set("partialPrompts", settings.partialPrompts ? true : nil)
            element.set("eotThreshold", settings.eotThreshold.map { JSONValue.number($0).description })
            element.set("speechTimeout", settings.speechTimeout.map { Int(($0 / .milliseconds(1)).rounded()) })
            element.set("ignoreBackchannel", settings.ignoreBackchannel ? true : nil)
            element.set("deepgramSmartFormat", settings.deepgramSmartFormat)
            element.set("profanityFilter", settings.profanityFilter)
        }

        private static func element(_ language: RelayLanguage) -> XMLElement {
            var element = XMLElement("Language")
            element.set("code", language.code)
            element.set("ttsProvider", language.ttsProvider)
            element.set("voice", language.voice)
            element.set("transcriptionProvider", language.transcriptionProvider)
            element.set("speechModel", language.speechModel)
            return element
        }
    }
}
