// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A message that Twilio sends on a Media Stream.
///
/// - SeeAlso: https://www.twilio.com/docs/voice/media-streams/websocket-messages
enum MediaStreamMessage: Equatable, Sendable {
    /// A stretch of one side's sound.
    struct Media: Equatable, Sendable {
        /// Counts the stretches of this side from 1.
        var chunk: Int?
        /// Where the stretch begins, in milliseconds since the stream began.
        var timestamp: Int?
        /// The sound.
        var audio: Audio
    }

    /// The stream of a call begins.
    struct Start: Equatable, Sendable {
        /// The name of the stream, which every answer bears.
        var streamSID: String
        /// The name of the call.
        var callSID: String
        /// The account that the call belongs to.
        var accountSID: String
        /// The form of the sound, such as `audio/x-mulaw`.
        var encoding: String
        /// Samples per second.
        var rateHz: Int
        /// Interleaved channels.
        var channels: Int
        /// What the TwiML passed on, by name.
        var parameters: [String: String]
    }

    /// The protocol's greeting; `start` follows.
    case connected
    /// The stream begins.
    case start(Start)
    /// The caller's sound.
    case media(Media)
    /// A key that the caller pressed.
    case dtmf(Character)
    /// What was sent before a mark was played, or thrown away by `clear`.
    case mark(String)
    /// The stream is over.
    case stop
    /// A message that is not known, or of no use: the agent's own sound.
    case other
}

extension MediaStreamMessage {
    static let format = AudioFormat(rateHz: 8000, encoding: .mulaw)

    /// Reads a message; never traps, whatever the bytes.
    ///
    /// - Throws: ``JSONError`` when the text is no object, or a member is missing that the message is useless without.
    init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        let result = bytes.withContiguousStorageIfAvailable { bytes in
            Result { () throws(JSONError) in try Self.read(UnsafeRawBufferPointer(bytes)) }
        }
        if let result {
            self = try result.get()
        } else {
            try self.init(parsing: Array(bytes))
        }
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> MediaStreamMessage {
        var event: JSONScanner.Text?
        var body: UnsafeRawBufferPointer?
        var scanner = JSONScanner(bytes)
        try scanner.object { (key, scanner) throws(JSONError) in
            if key == "event" {
                event = try scanner.text()
            } else if key == "media" || key == "start" || key == "dtmf" || key == "mark" {
                body = try scanner.value()
            } else {
                try scanner.value()
            }
        }
        try scanner.end()
        guard let event else { throw JSONError(message: "the member 'event' is missing", offset: 0) }
        if event == "connected" { return .connected }
        if event == "stop" { return .stop }
        guard event == "media" || event == "start" || event == "dtmf" || event == "mark" else { return .other }
        guard let body else { throw JSONError(message: "the event has no content", offset: 0) }
        if event == "media" { return try media(JSONScanner(body)) }
        if event == "start" { return .start(try Start(JSONValue(parsing: body))) }
        if event == "dtmf" { return try dtmf(JSONScanner(body)) }
        return try mark(JSONScanner(body))
    }

    private static func media(_ scanner: JSONScanner) throws(JSONError) -> MediaStreamMessage {
        var scanner = scanner
        var payload: JSONScanner.Text?
        var (chunk, timestamp): (Int?, Int?)
        var isInbound = true
        try scanner.object { (key, scanner) throws(JSONError) in
            if key == "payload" {
                payload = try scanner.text()
            } else if key == "chunk" {
                chunk = try scanner.wholeNumber()
            } else if key == "timestamp" {
                timestamp = try scanner.wholeNumber()
            } else if key == "track" {
                isInbound = try scanner.text() == "inbound"
            } else {
                try scanner.value()
            }
        }
        guard isInbound else { return .other }
        guard let audio = payload.flatMap(audio) else {
            throw JSONError(message: "'media.payload' is no base64", offset: 0)
        }
        return .media(Media(chunk: chunk, timestamp: timestamp, audio: audio))
    }

    /// The sound of a payload, decoded once, into the place where it stays.
    private static func audio(_ payload: JSONScanner.Text) -> Audio? {
        guard payload.isEscaped else { return audio(payload.bytes) }
        return payload.string.flatMap { string in Array(string.utf8).withUnsafeBytes { audio($0) } }
    }

    private static func audio(_ text: UnsafeRawBufferPointer) -> Audio? {
        guard let count = Base64.decodedCount(text), count > 0 else { return nil }
        var isValid = false
        let audio = Audio(format: format, sampleCount: count, byteCount: count) {
            isValid = Base64.decode(text, into: $0)
        }
        return isValid ? audio : nil
    }

    private static func dtmf(_ scanner: JSONScanner) throws(JSONError) -> MediaStreamMessage {
        guard let digit = try string("digit", scanner), digit.count == 1, let key = digit.first else {
            throw JSONError(message: "'dtmf.digit' is no key", offset: 0)
        }
        return .dtmf(key)
    }

    private static func mark(_ scanner: JSONScanner) throws(JSONError) -> MediaStreamMessage {
        guard let name = try string("name", scanner) else {
            throw JSONError(message: "'mark.name' is missing", offset: 0)
        }
        return .mark(name)
    }

    private static func string(_ name: StaticString, _ scanner: JSONScanner) throws(JSONError) -> String? {
        var scanner = scanner
        var value: String?
        try scanner.object { (key, scanner) throws(JSONError) in
            if key == name { value = try scanner.text().string } else { try scanner.value() }
        }
        return value
    }
}

extension MediaStreamMessage.Start {
    fileprivate init(_ value: JSONValue) throws(JSONError) {
        guard let stream = value["streamSid"]?.string, let call = value["callSid"]?.string, !stream.isEmpty else {
            throw JSONError(message: "'start' has no streamSid or callSid", offset: 0)
        }
        let format = value["mediaFormat"]
        streamSID = stream
        callSID = call
        accountSID = value["accountSid"]?.string ?? ""
        encoding = format?["encoding"]?.string ?? "audio/x-mulaw"
        rateHz = format?["sampleRate"]?.integer ?? 8000
        channels = format?["channels"]?.integer ?? 1
        parameters = [:]
        for member in value["customParameters"]?.members ?? [] { parameters[member.key] = member.value.string }
    }
}
