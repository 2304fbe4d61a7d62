// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// What a double of a recogniser hears.
package enum DoubleHearing: Sendable {
    /// One text for each utterance in which anything was audible; over again after the last.
    case script([String])
    /// Words that are in the audio itself: see ``DoubleEar/audio(_:format:)``.
    case levels
}

/// Hears words in linear audio, and where they lie.
///
/// A word is a stretch of samples of one value, a thousand for the first word of the list, two thousand for the second
/// and so on, so that a test can tell which audio a provider really got, and in which order.
package struct DoubleEar: Sendable {
    /// A word and its place in the stream.
    package struct Word: Sendable, Equatable {
        /// The word.
        package var text: String
        /// Samples of the stream.
        package var samples: Range<Int>
    }

    /// The words that there are.
    package static let vocabulary = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ]
    private static let step = 1000
    private static let wordLength = Duration.milliseconds(200)
    private static let pauseLength = Duration.milliseconds(100)
    /// The shortest stretch that is a word.
    private static let leastLength = Duration.milliseconds(60)

    private let hearing: DoubleHearing
    private let rateHz: Int
    private var isAudible = false
    private var utterances = 0
    private var run = (word: 0, begin: 0)
    private var rest: [UInt8] = []
    /// Words that were not taken yet.
    private var found: [Word] = []
    /// Samples heard.
    package private(set) var position = 0
    /// Where the words that were not taken yet may begin.
    package private(set) var taken = 0

    /// Creates an ear for linear audio of a rate.
    package init(_ hearing: DoubleHearing, rateHz: Int) {
        self.hearing = hearing
        self.rateHz = rateHz
    }

    /// The audio of some words, by their numbers in ``vocabulary`` from 1.
    package static func audio(_ words: [Int], format: AudioFormat = .wideband) -> Audio {
        let (long, short) = (wordLength.sampleCount(rate: format.rateHz), pauseLength.sampleCount(rate: format.rateHz))
        let samples = words.flatMap { word in
            Array(repeating: Int16(word * step), count: long) + Array(repeating: Int16(0), count: short)
        }
        return Audio(format: format, samples: samples)
    }

    /// Hears little-endian samples.
    package mutating func hear(_ bytes: some Sequence<UInt8>) {
        rest += bytes
        let count = rest.count / 2
        for index in 0..<count {
            let value = Int(Int16(bitPattern: UInt16(rest[2 * index]) | UInt16(rest[2 * index + 1]) << 8))
            hear(word: (value + Self.step / 2) / Self.step)
            position += 1
        }
        rest.removeFirst(2 * count)
    }

    /// Hears samples of one byte each, of which it knows only that they are there.
    package mutating func hear(encoded count: Int) {
        position += count
        isAudible = isAudible || count > 0
    }

    private mutating func hear(word: Int) {
        if word > 0 { isAudible = true }
        guard word != run.word else { return }
        endRun()
        run = (word, position)
    }

    private mutating func endRun() {
        let length = Duration.samples(position - run.begin, rate: rateHz)
        guard Self.vocabulary.indices.contains(run.word - 1), length >= Self.leastLength else { return }
        found.append(Word(text: Self.vocabulary[run.word - 1], samples: run.begin..<position))
    }

    /// The words so far that were not taken.
    package var words: [Word] {
        switch hearing {
        case .levels: return found
        case .script(let texts):
            guard isAudible, !texts.isEmpty else { return [] }
            let parts = texts[utterances % texts.count].split(separator: " ")
            let length = max(position - taken, parts.count)
            return parts.enumerated().map { index, text in
                let begin = taken + length * index / parts.count
                return Word(text: String(text), samples: begin..<taken + length * (index + 1) / parts.count)
            }
        }
    }

    /// Takes all words so far: those of an utterance that is over.
    package mutating func take() -> [Word] {
        endRun()
        run.begin = position
        let words = words
        if case .script = hearing, isAudible { utterances += 1 }
        found = []
        isAudible = false
        taken = position
        return words
    }

    /// A place in the stream in seconds.
    package func seconds(_ sample: Int) -> Double { Double(sample) / Double(rateHz) }
}
