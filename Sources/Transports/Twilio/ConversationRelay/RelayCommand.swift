// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The messages that a ConversationRelay WebSocket takes, as text.
///
/// - SeeAlso: https://www.twilio.com/docs/voice/conversationrelay/websocket-messages
enum RelayCommand {
    /// A piece of a reply; an empty last one ends it.
    ///
    /// - Parameters:
    ///   - isInterruptible: `nil` for what the TwiML says.
    ///   - isPreemptible: Whether the next reply may cut it.
    static func text(
        _ token: String, isLast: Bool, isInterruptible: Bool? = nil, isPreemptible: Bool = false
    ) -> String {
        var members: [JSONValue.Member] = [
            .init("type", "text"), .init("token", .string(token)), .init("last", .bool(isLast)),
        ]
        if let isInterruptible { members.append(.init("interruptible", .bool(isInterruptible))) }
        if isPreemptible { members.append(.init("preemptible", true)) }
        return JSONValue.object(members).description
    }

    /// A whole reply, in the form of the `response_create` dialect.
    static func response(_ speech: String) -> String {
        let message: JSONValue = ["type": "response.create", "response": ["speech": .string(speech)]]
        return message.description
    }

    /// A recording to be played.
    static func play(_ media: MediaToPlay) -> String {
        let message: JSONValue = [
            "type": "play", "source": .string(media.url), "loop": .integer(media.loops),
            "preemptible": false, "interruptible": true,
        ]
        return message.description
    }

    /// Keys to be pressed; `nil` when they hold something that Twilio does not take.
    static func keys(_ keys: String) -> String? {
        guard !keys.isEmpty, keys.allSatisfy({ "0123456789w#*".contains($0) }) else { return nil }
        let message: JSONValue = ["type": "sendDigits", "digits": .string(keys)]
        return message.description
    }

    /// Another language; `nil` when none is given.
    static func language(_ change: LanguageChange) -> String? {
        var members = [JSONValue.Member("type", "language")]
        if let speech = change.speech { members.append(.init("ttsLanguage", .string(speech))) }
        if let recognition = change.recognition {
            members.append(.init("transcriptionLanguage", .string(recognition)))
        }
        return members.count > 1 ? JSONValue.object(members).description : nil
    }

    /// The end of the session, with what the next one to take the call should know.
    static func end(handOff: String?) -> String {
        var members = [JSONValue.Member("type", "end")]
        if let handOff { members.append(.init("handoffData", .string(handOff))) }
        return JSONValue.object(members).description
    }
}
