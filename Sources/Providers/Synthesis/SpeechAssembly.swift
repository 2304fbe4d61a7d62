// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// Makes words and samples in the pipeline's format of what a provider answers to one sentence.
///
/// The words of an estimate come once, before the first sample; those of an alignment before the audio in which they
/// begin. Every word of the sentence is given exactly once. Knows no clock.
struct SpeechAssembly {
    /// What goes on.
    enum Output: Equatable {
        /// Words, and when they are heard, from the next sample on.
        case words(SpokenWords)
        /// Whole samples.
        case samples([UInt8])
    }

    private enum Timing { case unknown, estimated, aligned }

    private let text: String
    private let target: AudioFormat
    private let pace: SpeechPace
    private var bytes: SpeechBytes
    private var converter: SpeechConverter?
    private var aligned: AlignedWords
    private var timing = Timing.unknown
    /// Audio that was given, in the pipeline's format.
    private var givenBytes = 0

    /// Begins a sentence.
    ///
    /// - Parameters:
    ///   - expected: The format that was asked for; `nil` when the answer must say it.
    ///   - target: The pipeline's format.
    init(_ text: String, expected: AudioFormat?, target: AudioFormat, pace: SpeechPace) {
        self.text = text
        self.target = target
        self.pace = pace
        bytes = SpeechBytes(expected)
        aligned = AlignedWords(text)
    }

    /// Whether the samples that were given last are the first.
    private(set) var isFirst = false

    /// How long the audio so far is.
    var duration: Duration { .samples(givenBytes / target.bytesPerSample, rate: target.rateHz) }
    /// Whether the times of the words are a guess.
    var isEstimated: Bool { timing == .estimated }

    /// Takes a part of the answer.
    ///
    /// - Throws: ``ProviderError``.
    mutating func take(_ part: SpeechPart) throws -> [Output] {
        switch part {
        case .alignment(let alignment): return align(alignment)
        case .format(let format):
            let rest = try end()
            bytes = SpeechBytes(format)
            return rest
        case .audio(let buffer):
            let samples = try mapped { () throws(SpeechSoundError) in try bytes.take(buffer.readableBytesView) }
            return try give(samples)
        }
    }

    /// What is held at the end of the answer.
    ///
    /// - Throws: ``ProviderError``; an answer without any audio is one.
    mutating func finish() throws -> [Output] {
        var outputs = try end()
        guard givenBytes > 0 else { throw ProviderError(.transient, "the answer to a sentence has no audio") }
        let rest = timing == .aligned ? aligned.rest() : []
        if !rest.isEmpty { outputs.append(.words(Self.spoken(rest))) }
        return outputs
    }

    private mutating func align(_ alignment: SpeechAlignment) -> [Output] {
        guard timing != .estimated else { return [] }
        let words = aligned.take(alignment)
        guard !words.isEmpty else { return [] }
        timing = .aligned
        return [.words(Self.spoken(words))]
    }

    private mutating func give(_ samples: [UInt8]) throws -> [Output] {
        guard !samples.isEmpty, let format = bytes.format else { return [] }
        let converter = try converter ?? SpeechConverter(from: format, to: target)
        self.converter = converter
        return count(try converter.convert(samples))
    }

    /// Ends a stretch of audio of one format.
    private mutating func end() throws -> [Output] {
        let samples = try mapped { () throws(SpeechSoundError) in try bytes.finish() }
        var outputs = try give(samples)
        if let converter { outputs += count(try converter.flush()) }
        converter = nil
        return outputs
    }

    private mutating func count(_ samples: [UInt8]) -> [Output] {
        guard !samples.isEmpty else { return [] }
        isFirst = givenBytes == 0
        givenBytes += samples.count
        guard timing == .unknown else { return [.samples(samples)] }
        timing = .estimated
        let words = pace.words(of: text, lasting: bytes.announced)
        return [.words(SpokenWords(text, words: words)), .samples(samples)]
    }

    private func mapped<Value>(_ body: () throws(SpeechSoundError) -> Value) throws(ProviderError) -> Value {
        do { return try body() } catch { throw error.asProviderError }
    }

    private static func spoken(_ words: [TimedWord]) -> SpokenWords {
        SpokenWords(words.map(\.text).joined(separator: " "), words: words)
    }
}
