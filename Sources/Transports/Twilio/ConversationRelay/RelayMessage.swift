// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A message that Twilio sends on a ConversationRelay WebSocket.
///
/// - SeeAlso: https://www.twilio.com/docs/voice/conversationrelay/websocket-messages
enum RelayMessage: Equatable, Sendable {
    /// The first message: whose call it is.
    ///
    /// All but the names of session and call may be missing.
    struct Setup: Equatable, Sendable {
        var sessionID: String
        var callSID: String
        var from = ""
        var to = ""
        /// `inbound`, or a word that begins with `outbound`.
        var direction = ""
        /// What the TwiML passed on, by name.
        var parameters: [String: String] = [:]
    }

    /// The session of a call begins.
    case setup(Setup)
    /// What the caller said; unless it is the last of its turn, it may still change.
    case prompt(String, language: String?, isLast: Bool)
    /// A key that the caller pressed.
    case key(DTMF)
    /// The caller broke into what was being spoken; these words had been.
    case interrupted(heard: String?)
    /// Twilio did not understand a message, or the session is set up wrongly.
    case error(String)
    /// Words of the reply were spoken.
    case spoken(String)
    /// The agent began to sound, or fell silent.
    case agentSpeaking(Bool)
    /// The caller began to sound, or fell silent.
    case callerSpeaking(Bool)
    /// A message of a kind that is not known, or of no use.
    case other
}

extension RelayMessage {
    /// Reads a message; never traps, whatever the bytes.
    ///
    /// Members that are not known are ignored.
    ///
    /// - Throws: ``JSONError`` when the text is no object with a type, or a member is missing that the message is useless
    ///   without.
    init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        let json = try JSONValue(parsing: bytes, maxDepth: 16)
        guard let type = json["type"]?.string else {
            throw JSONError(message: "the message has no 'type'", offset: 0)
        }
        switch type {
        case "setup": self = .setup(try Setup(json))
        case "prompt":
            guard let text = json["voicePrompt"]?.string else { throw Self.missing("voicePrompt") }
            self = .prompt(text, language: json["lang"]?.string, isLast: json["last"]?.bool ?? true)
        case "dtmf":
            guard let digit = json["digit"]?.string, digit.count == 1, let key = digit.first.flatMap(DTMF.init) else {
                throw Self.missing("digit")
            }
            self = .key(key)
        case "interrupt": self = .interrupted(heard: json["utteranceUntilInterrupt"]?.string)
        case "error": self = .error(json["description"]?.string ?? "")
        case "info": self = Self.info(json)
        default: self = .other
        }
    }

    /// What is told of the sound; the reference does not name the members.
    private static func info(_ json: JSONValue) -> RelayMessage {
        let value = json["value"]?.string ?? ""
        return switch json["name"]?.string {
        case "tokensPlayed": .spoken(value)
        case "agentSpeaking" where value == "on" || value == "off": .agentSpeaking(value == "on")
        case "clientSpeaking" where value == "on" || value == "off": .callerSpeaking(value == "on")
        default: .other
        }
    }

    fileprivate static func missing(_ member: String) -> JSONError {
        JSONError(message: "the message has no usable '\(member)'", offset: 0)
    }
}

extension RelayMessage.Setup {
    fileprivate init(_ json: JSONValue) throws(JSONError) {
        guard let session = json["sessionId"]?.string else { throw RelayMessage.missing("sessionId") }
        guard let call = json["callSid"]?.string else { throw RelayMessage.missing("callSid") }
        self.init(
            sessionID: session, callSID: call, from: json["from"]?.string ?? "", to: json["to"]?.string ?? "",
            direction: json["direction"]?.string ?? "")
        for member in json["customParameters"]?.members ?? [] {
            if let value = member.value.string { parameters[member.key] = value }
        }
    }
}
