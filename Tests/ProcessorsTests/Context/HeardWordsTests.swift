// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

@Suite struct HeardWordsTests {
    private let words = SpokenWords(
        "Yes,  you may.",
        words: [
            TimedWord("Yes,", start: .milliseconds(100), end: .milliseconds(300)),
            TimedWord("you", start: .milliseconds(400), end: .milliseconds(500)),
            TimedWord("may.", start: .milliseconds(500), end: .milliseconds(900)),
        ])

    @Test(arguments: [
        (0, ""), (199, ""), (200, "Yes,"), (449, "Yes,"), (450, "Yes,  you"), (699, "Yes,  you"),
        (700, "Yes,  you may."),
        (5000, "Yes,  you may."),
    ])
    func countsAWordOfWhichHalfWasHeard(milliseconds: Int, expected: String) {
        #expect(words.text(heardFor: .milliseconds(milliseconds)) == expected)
    }

    @Test func cutsUnspacedScriptsBetweenWords() {
        let words = SpokenWords(
            "今日は晴れ",
            words: [
                TimedWord("今日", start: .zero, end: .milliseconds(200)),
                TimedWord("は", start: .milliseconds(200), end: .milliseconds(300)),
                TimedWord("晴れ", start: .milliseconds(300), end: .milliseconds(500)),
            ])
        #expect(words.text(heardFor: .milliseconds(260)) == "今日は")
    }

    @Test func hearsNothingOfASentenceWithoutWordTimes() {
        #expect(SpokenWords("Hello.", words: []).text(heardFor: .seconds(1)) == "")
    }
}
