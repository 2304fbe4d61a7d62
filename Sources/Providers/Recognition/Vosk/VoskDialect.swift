// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import NIOCore
import PipelineKit

/// The messages of vosk-server: one answer to every piece of audio and to every reset, in order, which therefore also say
/// how far the audio has been understood.
///
/// - SeeAlso: https://github.com/alphacep/vosk-server
struct VoskDialect: RecognitionDialect {
    private enum Question {
        case audio(Duration)
        case reset
    }

    /// A server that lags behind by a minute of frames is not followed any more.
    private static let mostQuestions = 3000

    private let rateHz: Int
    private var questions: Deque<Question> = []
    private var understood = Duration.zero
    private var resultEnd = Duration.zero

    /// Creates the dialect for audio of a rate.
    init(rateHz: Int) { self.rateHz = rateHz }

    func opening() -> [ProviderMessage] {
        let configuration: JSONValue = ["config": ["sample_rate": .integer(rateHz), "words": true]]
        return [.text(ByteBuffer(string: configuration.description))]
    }

    mutating func encode(_ audio: Audio) -> [ProviderMessage] {
        guard audio.byteCount > 0 else { return [] }
        questions.append(.audio(audio.duration))
        return [.binary(audio.withBytes { ByteBuffer(bytes: $0) })]
    }

    mutating func finalize() -> [ProviderMessage] {
        questions.append(.reset)
        // The server compares the text, spaces included.
        return [.text(ByteBuffer(string: #"{"reset" : 1}"#))]
    }

    func keepAlive() -> [ProviderMessage] { [] }
    func closing() -> [ProviderMessage] { [.text(ByteBuffer(string: #"{"eof" : 1}"#))] }

    mutating func take(_ message: ProviderMessage) throws(ProviderError) -> [RecognitionEvent] {
        let value = try message.json()
        guard questions.count <= Self.mostQuestions else {
            throw ProviderError(.transient, "is more than \(Self.mostQuestions) pieces of audio behind")
        }
        // The answer to the end of the stream was asked for by no entry.
        let question = questions.popFirst()
        if case .audio(let duration) = question { understood += duration }
        if let partial = value["partial"]?.string { return heard(partial, question: question) }
        let best = value["alternatives"]?.array?.first ?? value
        guard let text = best["text"]?.string else {
            throw ProviderError(.malformed, "sent a message that is neither partial nor final")
        }
        let words = (best["result"]?.array ?? []).compactMap(Self.word)
        return heard(text, words: words, isFinal: true, question: question)
    }

    private mutating func heard(
        _ text: String, words: [TimedWord] = [], isFinal: Bool = false, question: Question?
    ) -> [RecognitionEvent] {
        var result = RecognitionResult(text: text, isFinal: isFinal)
        if case .reset = question {
            result.answersFinalize = true
            result.isFinal = true
        }
        result.span = resultEnd..<max(understood, resultEnd)
        result.words = words
        if result.isFinal { resultEnd = understood }
        return [.heard(result)]
    }

    private static func word(_ value: JSONValue) -> TimedWord? {
        guard let text = value["word"]?.string, let start = value["start"]?.position, let end = value["end"]?.position
        else { return nil }
        return TimedWord(text, start: start, end: max(start, end))
    }
}
