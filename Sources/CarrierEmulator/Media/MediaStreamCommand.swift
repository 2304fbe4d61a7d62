// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Transports

/// A message that an agent may send on a media stream, read as strictly as the carrier reads it.
enum MediaStreamCommand: Equatable {
    /// Audio to play: µ-law, 8 kHz.
    case media([UInt8])
    /// A mark behind the audio so far.
    case mark(String)
    /// Forget what has not been played.
    case clear

    /// Reads a message.
    ///
    /// - Throws: A ``CarrierWarning`` with code 31951 for every shape other than the documented ones: another type, a
    ///   missing member, one too many, a stream that is not this one.
    init(parsing bytes: some Collection<UInt8>, streamSid: String) throws(CarrierWarning) {
        let message: JSONValue
        do { message = try JSONValue(parsing: bytes) } catch { throw .invalidMessage("\(error)") }
        guard let event = message["event"]?.string else { throw .invalidMessage("'event' is missing or no text") }
        guard message["streamSid"]?.string == streamSid else {
            throw .invalidMessage("'streamSid' of a '\(event.prefix(40))' message is not this stream's")
        }
        switch event {
        case "media":
            try Self.check(message, has: ["event", "streamSid", "media"])
            self = .media(try Self.payload(message))
        case "mark":
            try Self.check(message, has: ["event", "streamSid", "mark"])
            self = .mark(try Self.text("name", in: message["mark"], of: "mark"))
        case "clear":
            try Self.check(message, has: ["event", "streamSid"])
            self = .clear
        default: throw .invalidMessage("'\(event.prefix(40))' is no event that may be sent")
        }
    }

    private static func payload(_ message: JSONValue) throws(CarrierWarning) -> [UInt8] {
        let text = try text("payload", in: message["media"], of: "media")
        guard let bytes = Base64.decode(text.utf8) else { throw .invalidMessage("'media.payload' is not base64") }
        return bytes
    }

    private static func text(
        _ key: String, in object: JSONValue?, of name: String
    ) throws(CarrierWarning) -> String {
        guard let object, object.members != nil else { throw .invalidMessage("'\(name)' is missing or no object") }
        try check(object, has: [key])
        guard let text = object[key]?.string else { throw .invalidMessage("'\(name).\(key)' is no text") }
        return text
    }

    private static func check(_ object: JSONValue, has keys: Set<String>) throws(CarrierWarning) {
        let members = object.members ?? []
        if let extra = members.first(where: { !keys.contains($0.key) }) {
            throw .invalidMessage("the member '\(extra.key.prefix(40))' is not allowed")
        }
        guard members.count == keys.count else { throw .invalidMessage("a member is missing or there twice") }
    }
}
