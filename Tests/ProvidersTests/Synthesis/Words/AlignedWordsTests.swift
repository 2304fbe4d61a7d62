// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Providers

@Suite struct AlignedWordsTests {
    /// Each character lasts 10 ms, from the beginning of its piece.
    private func alignment(_ text: some StringProtocol) -> SpeechAlignment {
        SpeechAlignment(
            characters: text.enumerated().map { (String($1), .milliseconds($0 * 10), .milliseconds($0 * 10 + 10)) })
    }

    @Test func wordsHaveTheTimesOfTheirCharacters() {
        var words = AlignedWords("Hello there.")
        #expect(
            words.take(alignment("Hello there.")) == [
                TimedWord("Hello", start: .zero, end: .milliseconds(50)),
                TimedWord("there.", start: .milliseconds(60), end: .milliseconds(120)),
            ])
        #expect(words.isAtEnd)
    }

    @Test func aWordBelongsToThePieceInWhichItBegins() {
        var words = AlignedWords("Hello there.")
        #expect(words.take(alignment("Hel")) == [TimedWord("Hello", start: .zero, end: .milliseconds(30))])
        #expect(
            words.take(alignment("lo th")) == [TimedWord("there.", start: .milliseconds(30), end: .milliseconds(50))])
        #expect(words.take(alignment("ere.")).isEmpty)
        #expect(words.isAtEnd)
    }

    @Test func anySplitGivesEachWordOnce() {
        let text = "One, two  three;\tfour five: six — seven eight, nine and ten."
        let expected = text.split(whereSeparator: \.isWhitespace).map(String.init)
        var random = SeededGenerator(seed: 1)
        for _ in 0..<300 {
            var (words, found, rest) = (AlignedWords(text), [String](), text[...])
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...12, using: &random))
                found += words.take(alignment(piece)).map(\.text)
                rest = rest.dropFirst(piece.count)
            }
            #expect(found == expected)
            #expect(words.rest().isEmpty)
        }
    }

    @Test func noWordIsLostWhenOtherCharactersAreAligned() {
        var words = AlignedWords("It costs $5 today.")
        var found = words.take(alignment("It costs")).map(\.text)
        found += words.rest().map(\.text)
        #expect(found == ["It", "costs", "$5", "today."])
    }

    @Test func thePaceFollowsTheVoice() {
        var pace = SpeechPace()
        let text = "Exactly forty characters of plain text."
        for _ in 0..<30 { pace.learn(text, lasted: .seconds(4)) }
        let end = pace.words(of: text).last?.end ?? .zero
        #expect(abs((end - .seconds(4)).milliseconds) < 40)
        pace.learn("Hm.", lasted: .seconds(60))
        #expect(pace.words(of: text).last?.end == end)
    }

    @Test func wordsFillAKnownDuration() {
        let words = SpeechPace().words(of: "One two", lasting: .milliseconds(800))
        #expect(words.map(\.text) == ["One", "two"])
        #expect(words.first?.start == .zero)
        #expect(words.last?.end == .milliseconds(800))
        #expect(SpeechPace().words(of: "", lasting: .seconds(1)).isEmpty)
    }
}
