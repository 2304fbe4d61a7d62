// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A message of the page.
///
/// Parsed from bytes that nobody has checked; does no I/O. Everything in it is bounded.
enum BrowserRequest: Equatable {
    /// The call begins.
    case start(BrowserStart)
    /// The caller typed.
    case text(String)
    /// The caller pressed a key of a telephone's pad.
    case key(DTMF)
    /// The player has heard so many samples of a generation.
    case played(generation: Int, position: Int)
    /// The caller wants the agent to be quiet.
    case interrupt
    /// The caller hangs up.
    case stop

    /// Characters of typed text.
    static let longestText = 4000

    /// Reads a message.
    init(_ bytes: some Collection<UInt8>) throws(BrowserError) {
        let message: JSONValue
        do { message = try JSONValue(parsing: bytes, maxDepth: 8) } catch {
            throw BrowserError(.badMessage, "a message is not JSON: \(error)")
        }
        guard let type = message["type"]?.string else {
            throw BrowserError(.badMessage, "a message is an object with a 'type'")
        }
        switch type {
        case "start": self = .start(try BrowserStart(message))
        case "text": self = .text(try Self.text(message))
        case "dtmf": self = .key(try Self.key(message))
        case "played": self = try Self.played(message)
        case "interrupt": self = .interrupt
        case "stop": self = .stop
        default: throw BrowserError(.unknownMessage, "messages of type '\(type.prefix(40))' are not known")
        }
    }

    private static func text(_ message: JSONValue) throws(BrowserError) -> String {
        guard let text = message["text"]?.string, !text.isEmpty else {
            throw BrowserError(.badMessage, "'text' wants a member 'text' that is not empty")
        }
        guard text.count <= longestText else {
            throw BrowserError(.badMessage, "typed text has at most \(longestText) characters")
        }
        return text
    }

    private static func key(_ message: JSONValue) throws(BrowserError) -> DTMF {
        guard let text = message["digit"]?.string, text.count == 1, let digit = text.first, let key = DTMF(digit) else {
            throw BrowserError(.badMessage, "'dtmf' wants a member 'digit', one of 0123456789*#ABCD")
        }
        return key
    }

    private static func played(_ message: JSONValue) throws(BrowserError) -> BrowserRequest {
        guard let generation = message["generation"]?.integer, let position = message["position"]?.integer,
            generation >= 0, position >= 0
        else {
            throw BrowserError(.badMessage, "'played' wants whole numbers 'generation' and 'position', 0 or more")
        }
        return .played(generation: generation, position: position)
    }
}

/// How a page wants its call.
struct BrowserStart: Equatable {
    /// The version of the protocol that is spoken here.
    static let version = 1
    private static let rates = 8000...48000
    private static let mostAttributes = 32
    private static let longestAttribute = 256

    /// The format of the microphone's samples.
    var input = AudioFormat.wideband
    /// The format of the samples that the page plays.
    var output = AudioFormat(rateHz: 24000)
    /// What the page tells of the caller.
    var attributes: [String: String] = [:]

    init(_ message: JSONValue) throws(BrowserError) {
        guard message["version"]?.integer == Self.version else {
            throw BrowserError(.badVersion, "'start' wants 'version': \(Self.version); reload the page")
        }
        if let description = message["input"] { input = try Self.format(description, "input") }
        if let description = message["output"] { output = try Self.format(description, "output") }
        guard let metadata = message["metadata"] else { return }
        guard let members = metadata.members, members.count <= Self.mostAttributes else {
            throw BrowserError(.badMessage, "'metadata' is an object of at most \(Self.mostAttributes) members")
        }
        for member in members {
            guard let value = member.value.string, max(value.count, member.key.count) <= Self.longestAttribute else {
                throw BrowserError(
                    .badMessage, "members of 'metadata' are strings of at most \(Self.longestAttribute) characters")
            }
            attributes[member.key] = value
        }
    }

    private static func format(_ description: JSONValue, _ name: String) throws(BrowserError) -> AudioFormat {
        guard description["encoding"]?.string ?? "pcm_s16le" == "pcm_s16le",
            description["channels"]?.integer ?? 1 == 1,
            let rate = description["rate"]?.integer, rates.contains(rate)
        else {
            throw BrowserError(
                .badFormat,
                "'\(name)' is {encoding: pcm_s16le, channels: 1, rate}, with a rate of \(rates.lowerBound) to \(rates.upperBound)"
            )
        }
        return AudioFormat(rateHz: rate)
    }
}

/// What is wrong with what a page sent.
struct BrowserError: Error, Equatable {
    /// Tells kinds of errors apart; the names are part of the protocol.
    enum Code: String {
        case badMessage = "bad_message"
        case unknownMessage = "unknown_message"
        case badVersion = "bad_version"
        case badFormat = "bad_format"
        case badAudio = "bad_audio"
        case outOfOrder = "out_of_order"
        case tooFast = "too_fast"
        case tooSlow = "too_slow"
        case refused = "refused"
        case failed = "failed"
    }

    /// The kind.
    var code: Code
    /// What it is, and what to do about it.
    var message: String

    /// Creates an error.
    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
