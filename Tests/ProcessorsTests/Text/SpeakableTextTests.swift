// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct SpeakableTextTests {
    static let samples = [
        ("plain text, nothing else: 3.5 & 4 < 5.", "plain text, nothing else: 3.5 & 4 < 5."),
        ("This is **very** *nice* and __bold__ _too_.", "This is very nice and bold too."),
        ("**Bold** at the start", "Bold at the start"),
        ("snake_case and __init__", "snake case and init"),
        ("2 * 3 and 2*3 make 6", "2 * 3 and 2*3 make 6"),
        ("~~no~~ yes, ~5 of them", "no yes, ~5 of them"),
        ("# Title\n## Another #1\nText", "Title\nAnother #1\nText"),
        ("- one\n* two\n+ three\n1. four", "one\ntwo\nthree\n1. four"),
        ("-5 degrees\n- -5 degrees", "-5 degrees\n-5 degrees"),
        ("above\n---\n***\nbelow", "above\n\n\nbelow"),
        ("> quoted\n>> twice", "quoted\ntwice"),
        ("Use `print()` here", "Use print() here"),
        ("Look:\n```swift\nlet x = 1\n```\nDone.", "Look:\n\nDone."),
        ("Look:\n~~~\nlet `x` = 1\n  ~~~\nDone.", "Look:\n\nDone."),
        ("never closed\n```\nlet x = 1", "never closed\n"),
        ("See [our page](https://example.com/a(b) \"title\") now", "See our page \"title\") now"),
        ("See [our *page*](https://example.com/x) now", "See our page now"),
        ("![a cat](cat.png) sits", "a cat sits"),
        ("[1] and [x](unclosed", "1 and x(unclosed"),
        ("Go to https://www.example.com/path?q=1. Now!", "Go to example dot com. Now!"),
        ("(see www.example.co.uk) or <https://a.b/c>", "(see example dot co dot uk) or a dot b"),
        ("how was the http protocol, hm, www", "how was the http protocol, hm, www"),
        ("a<br>b <b>bold</b> 3 < 5 and x<y", "a b bold 3 < 5 and x<y"),
        ("Tom &amp; Jerry&nbsp;&hellip; AT&T &unknown;", "Tom and Jerry … AT&T &unknown;"),
        ("\\*not bold\\* C:\\dir", "*not bold* C:dir"),
        ("Hi 👋🏽 there 👨‍👩‍👧 🇫🇷 ☎️ 1️⃣ © ok", "Hi there 1 © ok"),
        ("نمی\u{200C}خواهم", "نمی\u{200C}خواهم"),
        ("a | b | c", "a b c"),
        ("Really?! Yes! [ok]", "Really?! Yes! ok"),
    ]

    @Test(arguments: samples) func saysWhatCanBeSaid(text: String, expected: String) {
        #expect(said([text]) == expected)
    }

    @Test(arguments: samples) func doesNotDependOnHowTheTextIsCut(text: String, expected: String) {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let pieces = cut(text, using: &generator)
            #expect(said(pieces) == expected, "\(pieces)")
        }
    }

    @Test func doesNotDependOnHowRandomTextIsCut() {
        var generator = SeededGenerator(seed: 4)
        let atoms = [
            "a", "word", "5", " ", " ", "\n", "\n", "*", "**", "_", "`", "```", "~~~", "#", "-", "- ", ">", "<", "<b>",
            "&",
            "&amp;", "[", "](", ")", "!", "http", "://", "www.", "x.y", "\\", "|", "👋", "\u{200D}", "\u{FE0F}", ".",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 1...25, using: &generator))
                .map { _ in atoms.randomElement(using: &generator) ?? "" }.joined()
            #expect(said(cut(text, using: &generator)) == said([text]), "\(text.debugDescription)")
        }
    }

    @Test func losesNoWordAndLeaksNoCode() {
        var generator = SeededGenerator(seed: 5)
        let forms: [(String) -> String] = [
            { $0 }, { "**\($0)**" }, { "*\($0)*" }, { "_\($0)_" }, { "`\($0)`" }, { "[\($0)](http://secret.com)" },
            { "<i>\($0)</i>" }, { "\n# \($0)\n" }, { "\n- \($0)\n" }, { "\n```secret\nsecret(```)\n```\n\($0)" },
            { "~~\($0)~~" }, { "👍 \($0)" }, { "![\($0)](secret.png)" }, { "\n> \($0)\n" },
        ]
        for _ in 0..<500 {
            let words = (0..<12).map { _ in "w\(Int.random(in: 0...999, using: &generator))" }
            let text = words.map { (forms.randomElement(using: &generator) ?? forms[0])($0) }.joined(separator: " ")
            let result = said(cut(text, using: &generator))
            #expect(result.split(whereSeparator: \.isWhitespace).map(String.init) == words, "\(text.debugDescription)")
        }
    }

    @Test func saysSomethingInPlaceOfCode() {
        var text = SpeakableText(codeBlock: "Here is some code.")
        #expect(text.append("Look:\n```\nx\n```\nDone.") == "Look:\nHere is some code.\n\nDone.")
    }

    @Test func readsLinksAsAsked() {
        #expect(said(["at https://a.com/b now"], links: .skip) == "at now")
        #expect(said(["at https://a.com/b now"], links: .keep) == "at https://a.com/b now")
    }

    @Test func holdsNothingBackForEver() {
        var text = SpeakableText()
        let long = String(repeating: "x", count: 3000)
        for beginning in ["[a](", "<a ", "https://"] { #expect(!text.append(beginning + long).isEmpty) }
    }

    private func said(_ pieces: [String], links: LinkReading = .host) -> String {
        var text = SpeakableText(links: links)
        return pieces.map { text.append($0) }.joined() + text.flush()
    }

    private func cut(_ text: String, using generator: inout SeededGenerator) -> [String] {
        var pieces: [String] = []
        var rest = Array(text.unicodeScalars)[...]
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...5, using: &generator))
            pieces.append(String(String.UnicodeScalarView(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
