// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Processors

struct JSGFWordsTests {
    @Test(arguments: [
        (
            "#JSGF V1.0 UTF-8 en; grammar a.b; import <c.d>; public <x> = one (two | three)+ [four]*;",
            "one two three four"
        ),
        ("grammar g; <x> = /0.5/ one {tag = two;} | /2/ <three> | o'clock;", "one o'clock"),
        ("grammar g; // <x> = no;\n<x> = yes /* no */ yes | \"new york\";", "yes new york"),
        ("", ""), ("<x> = one <two", "one"), ("<x> = \"", ""), ("<x> = one /* two", "one"),
    ])
    func findsTheWordsOfTheRules(grammar: String, words: String) {
        #expect(JSGFWords.all(in: grammar).joined(separator: " ") == words)
    }

    @Test func readsPronunciationsAndAlternates() {
        let dictionary = PronouncingDictionary(text: "a AH\na(2) EY\nread R EH D\r\nreader R IY D ER\nbroken\n")
        #expect(
            dictionary.pronunciations(of: ["a", "read", "broken", "absent"])
                == ["a": ["AH", "EY"], "read": ["R EH D"]])
    }
}
