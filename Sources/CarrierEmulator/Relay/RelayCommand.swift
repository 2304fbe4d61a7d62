// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A message that an agent may send on a relay of text.
enum RelayCommand: Equatable {
    /// Words to speak.
    case text(Text)
    /// A recording to play.
    case play(source: String)
    /// Keys to send to the other side.
    case sendDigits(String)
    /// Another language from now on.
    case language(tts: String?, transcription: String?)
    /// The end of the session.
    case end(handoffData: String?)

    /// A piece of a reply.
    struct Text: Equatable {
        var token: String
        var isLast = false
        var isInterruptible: Bool?
        var isPreemptible = false
    }

    /// Reads a message.
    ///
    /// - Throws: A ``CarrierWarning`` with code 64107 whose text is what the agent is told.
    init(parsing bytes: some Collection<UInt8>) throws(CarrierWarning) {
        let message: JSONValue
        do { message = try JSONValue(parsing: bytes) } catch { throw Self.invalid(bytes) }
        switch message["type"]?.string {
        case "text":
            guard let token = message["token"]?.string,
                let isLast = Self.bool("last", message, false),
                let isPreemptible = Self.bool("preemptible", message, false)
            else { throw Self.invalid(bytes) }
            if message["interruptible"] != nil, message["interruptible"]?.bool == nil { throw Self.invalid(bytes) }
            self = .text(
                Text(
                    token: token, isLast: isLast, isInterruptible: message["interruptible"]?.bool,
                    isPreemptible: isPreemptible))
        case "play":
            guard let source = message["source"]?.string, !source.isEmpty else { throw Self.invalid(bytes) }
            self = .play(source: source)
        case "sendDigits":
            guard let digits = message["digits"]?.string, !digits.isEmpty,
                digits.allSatisfy({ "0123456789w#*".contains($0) })
            else { throw Self.invalid(bytes) }
            self = .sendDigits(digits)
        case "language":
            let languages = (message["ttsLanguage"]?.string, message["transcriptionLanguage"]?.string)
            guard languages.0 != nil || languages.1 != nil else { throw Self.invalid(bytes) }
            self = .language(tts: languages.0, transcription: languages.1)
        case "end":
            if let data = message["handoffData"], data.string == nil { throw Self.invalid(bytes) }
            self = .end(handoffData: message["handoffData"]?.string)
        default: throw Self.invalid(bytes)
        }
    }

    private static func bool(_ key: String, _ message: JSONValue, _ otherwise: Bool) -> Bool? {
        guard let value = message[key] else { return otherwise }
        return value.bool
    }

    private static func invalid(_ bytes: some Collection<UInt8>) -> CarrierWarning {
        CarrierWarning(64107, "Invalid message received: \(String(decoding: bytes.prefix(500), as: UTF8.self))")
    }
}
