// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Testing

@testable import Processors

@Suite struct SpeechTextTests {
    @Test(arguments: [
        ("", []), (" \n ", []), ("...", []), ("Hello.", ["Hello."]), ("  5 ", ["5"]), ("a\0b", ["a b"]),
        ("one two, three four", ["one two,", "three four"]),
        ("one two three four", ["one two", "three four"]),
        ("abcdefghijklmnop", ["abcdefghijkl", "mnop"]),
        ("a, bcdefghi jklm", ["a, bcdefghi", "jklm"]),
    ])
    func cutsLongTextWhereItHurtsLeast(text: String, pieces: [String]) {
        #expect(SpeechText.pieces(text, limit: 12) == pieces)
    }

    @Test func losesNothingButWhiteSpace() {
        var random = SeededGenerator(seed: 3)
        let alphabet = Array("ab c, d. é漢")
        for _ in 0..<500 {
            let text = String(
                (0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            let pieces = SpeechText.pieces(text + "x", limit: 9)
            #expect(pieces.allSatisfy { (1...9).contains($0.count) })
            let letters = (text + "x").filter { $0.isLetter }
            #expect(pieces.joined().filter { $0.isLetter } == letters)
        }
    }
}
