// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Testing

@testable import Processors

@Suite struct SentenceTokenizerTests {
    /// A text and the sentences that it holds.
    struct Sample: CustomTestStringConvertible {
        let sentences: [String]
        var separator = " "
        var text: String { sentences.joined(separator: separator) }
        var testDescription: String { text }

        init(_ sentences: String..., separator: String = " ") {
            self.sentences = sentences
            self.separator = separator
        }
    }

    static let samples = [
        Sample("Hello there.", "How are you?", "Fine!"),
        Sample("Dr. Lee and Mrs. Gray meet Prof. Hall.", "They talk."),
        Sample("It costs 3.5 dollars.", "Pay by 10.30 today."),
        Sample("We open at 10:30 a.m. and close at 5 p.m. daily.", "Come in."),
        Sample("We close at 5 p.m.", "Come tomorrow."),
        Sample("It opened in 1980.", "It is old."),
        Sample("It opened in 1980."),
        Sample("Your code is 12345.", "Let me repeat it.", separator: ""),
        Sample("Hello.", "How are you?", "Good!", "Then we go.", separator: ""),
        Sample("Well... maybe later... yes.", "Let me see...", "Tomorrow works."),
        Sample("Hmm…", "Let me think… about it."),
        Sample("See https://example.com/a.b?c=1!d for more.", "Or write to Anna.Lee@example.com now."),
        Sample("Go to www.Example.Com today.", "It is free."),
        Sample("\"Are you there?\" he asked.", "\"Yes.\"", "She left."),
        Sample("(It rains.)", "We stay [at home].", "Good."),
        Sample("Bring fruit, e.g. apples, i.e. red ones, vs. pears.", "Thanks."),
        Sample("He has a Ph.D. from the U.S. and works for J. Smith.", "It was I.", "Really."),
        Sample("Take room no. 5 please.", "No.", "Take six."),
        Sample("1. Open the door.", "2. Go in.", separator: "\n"),
        Sample("First line", "Second line", "Third", separator: "\n"),
        Sample("What?!", "Really?!?", "Yes."),
        Sample("今日は晴れです。", "散歩に行きますか？", "「はい。」", "行きましょう！", separator: ""),
        Sample("Version 2.0.1 is out.", "Node 3.x is not."),
        Sample("Café is open.", "Nai\u{308}ve is fine.", "👍🏽 is an emoji."),
        Sample("Call etc. and so on.", "Bring paper, pens, etc.", "Then sit."),
    ]

    @Test(arguments: samples) func findsTheSentences(sample: Sample) {
        #expect(tokenized([sample.text]) == sample.sentences)
    }

    @Test(arguments: samples) func doesNotDependOnHowTheTextIsCut(sample: Sample) {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let pieces = cut(sample.text, using: &generator)
            #expect(tokenized(pieces) == sample.sentences, "\(pieces)")
        }
    }

    @Test func doesNotDependOnHowRandomTextIsCut() {
        var generator = SeededGenerator(seed: 8)
        let atoms = [
            "a", "Mr", "a.m", "e.g", "3", "12", "Hello", "no", "I", ".", "..", "...", "?", "!", "…", ",", ";", "\"",
            ")", "(",
            "”", " ", " ", " ", "\n", "。", "日", "://", "@", "U.S", "é", "e\u{301}", "-",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 1...30, using: &generator))
                .map { _ in atoms.randomElement(using: &generator) ?? "" }.joined()
            let longest = Int.random(in: 5...40, using: &generator)
            let whole = tokenized([text], longest: longest)
            #expect(tokenized(cut(text, using: &generator), longest: longest) == whole, "\(text)")
            #expect(speakable(whole.joined()) == speakable(text), "\(text)")
        }
    }

    @Test func releasesASentenceAsSoonAsItIsComplete() {
        var tokenizer = SentenceTokenizer(longest: 300)
        #expect(tokenizer.append("One moment.") == [])
        #expect(tokenizer.append(" ") == ["One moment."])
        #expect(tokenizer.append("Well.") == [])
        #expect(tokenizer.releaseComplete() == ["Well."])
        #expect(tokenizer.append(" Dr.") == [])
        #expect(tokenizer.releaseComplete() == [])
        #expect(tokenizer.append(" Lee is") == [])
        #expect(tokenizer.flush() == ["Dr. Lee is"])
        #expect(tokenizer.isEmpty)
    }

    @Test func cutsALongSentenceAtACommaOrASpace() {
        #expect(
            tokenized(["one two three, four five six seven"], longest: 20) == ["one two three,", "four five six seven"])
        #expect(tokenized(["one two three four five six"], longest: 20) == ["one two three four", "five six"])
        #expect(tokenized([String(repeating: "x", count: 50)], longest: 20).map(\.count) == [20, 20, 10])
    }

    @Test func speaksTheFirstClauseByItself() {
        var tokenizer = SentenceTokenizer(longest: 300, cutsFirstClause: true)
        let sentences = tokenizer.append("Sure, I can do that, of course, no problem. Then, as ever, we wait. ")
        #expect(sentences == ["Sure, I can do that,", "of course, no problem.", "Then, as ever, we wait."])
    }

    @Test func saysNothingWhenThereIsNothingToSay() {
        #expect(tokenized(["... — ", "\n\n", "🙂 !"]) == [])
        #expect(tokenized([]) == [])
    }

    private func tokenized(_ pieces: [String], longest: Int = 300) -> [String] {
        var tokenizer = SentenceTokenizer(longest: longest)
        return pieces.flatMap { tokenizer.append($0) } + tokenizer.flush()
    }

    private func speakable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter(SentenceRules.isSpeakable)))
    }

    private func cut(_ text: String, using generator: inout SeededGenerator) -> [String] {
        var pieces: [String] = []
        var rest = Array(text.unicodeScalars)[...]
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...6, using: &generator))
            pieces.append(String(String.UnicodeScalarView(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
