// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// What a server of Whisper or its like answers: text, and with `verbose_json` also times and how sure it is.
struct TranscriptionAnswer: Equatable {
    /// The words; empty when nothing was said.
    var text: String
    /// When each word was spoken, from the start of the recording, where the server says.
    var words: [TimedWord] = []
    /// The language, as the server names it.
    var language: String?

    /// A server that says so much of so little is broken.
    private static let mostSegments = 10_000
    /// What remarks stand in.
    private static let remarks: [Character: Character] = ["[": "]", "(": ")", "*": "*"]
    /// Whisper's own thresholds for a stretch in which nobody speaks.
    private static let noSpeech = (probability: 0.6, logProbability: -1.0)

    /// Reads an answer.
    ///
    /// - Throws: ``ProviderError`` of kind `malformed`.
    init(_ body: ByteBuffer) throws(ProviderError) {
        let bytes = body.readableBytesView
        guard let first = bytes.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") else {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ProviderError(.malformed, "sent a text that is not UTF-8")
            }
            self.init(text: Self.spoken(text))
            return
        }
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw ProviderError(.malformed, "sent an answer that is no JSON: \(error.message)")
        }
        guard let text = value["text"]?.string else {
            throw ProviderError(.malformed, "sent an answer without text")
        }
        self.init(text: text, segments: value["segments"]?.array ?? [], words: value["words"]?.array)
        language = value["language"]?.string
    }

    /// Nothing was said.
    init() { text = "" }

    private init(text: String) { self.text = text }

    private init(text: String, segments: [JSONValue], words: [JSONValue]?) {
        let segments = segments.prefix(Self.mostSegments)
        guard !segments.isEmpty else {
            self.init(text: Self.spoken(text))
            self.words = self.text.isEmpty ? [] : Self.words(words ?? [])
            return
        }
        let spoken = segments.filter { !Self.isInvented($0) }
        // Segments bring their own spaces; they may be cut inside of a word, and the whole text then has a break there.
        self.init(text: Self.spoken(spoken.compactMap { $0["text"]?.string }.joined()))
        guard !self.text.isEmpty else { return }
        let silent = segments.filter { Self.isInvented($0) }.compactMap(Self.span)
        let all = words.map(Self.words) ?? Self.joined(spoken.flatMap { $0["words"]?.array ?? [] })
        self.words = all.filter { word in !silent.contains { $0.contains(word.start) } }
    }

    /// Whether Whisper itself takes it that nobody spoke; it then writes what often stands under films.
    private static func isInvented(_ segment: JSONValue) -> Bool {
        guard let silence = segment["no_speech_prob"]?.number, let sureness = segment["avg_logprob"]?.number else {
            return false
        }
        return silence > noSpeech.probability && sureness < noSpeech.logProbability
    }

    /// The text on one line, without remarks such as `[BLANK_AUDIO]`, `(music)` and notes.
    private static func spoken(_ text: String) -> String {
        var kept = ""
        var closing: Character?
        var remark = ""
        for character in text {
            if let end = closing {
                remark.append(character)
                if character == end { (closing, remark) = (nil, "") }
            } else if let end = remarks[character] {
                closing = end
                remark = String(character)
            } else if !"♪♫".contains(character) {
                kept.append(character)
            }
        }
        // What is never closed was no remark.
        return (kept + remark).tidied
    }

    private static func words(_ values: [JSONValue]) -> [TimedWord] { values.prefix(mostSegments).compactMap(word) }

    private static func word(_ value: JSONValue) -> TimedWord? {
        guard let text = value["word"]?.string, let span = span(value) else { return nil }
        return TimedWord(text.tidied, start: span.lowerBound, end: span.upperBound)
    }

    /// Words of the pieces that whisper.cpp calls words: a word begins where a piece begins with a space.
    private static func joined(_ pieces: [JSONValue]) -> [TimedWord] {
        var words: [TimedWord] = []
        for piece in pieces.prefix(mostSegments) {
            guard let text = piece["word"]?.string, let span = span(piece) else { continue }
            if text.first?.isWhitespace == false, !words.isEmpty {
                words[words.count - 1].text += text
                words[words.count - 1].end = max(words[words.count - 1].end, span.upperBound)
            } else if !text.tidied.isEmpty {
                words.append(TimedWord(text.tidied, start: span.lowerBound, end: span.upperBound))
            }
        }
        return words
    }

    private static func span(_ value: JSONValue) -> Range<Duration>? {
        guard let start = value["start"]?.position, let end = value["end"]?.position else { return nil }
        return start..<max(start, end)
    }
}
