// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct JSONReaderTests {
    @Test func readsEveryKindOfValueInOrder() throws {
        let text = #" { "b" : [ 1 , -2.5e1, true, false, null ], "a": {"": "x"}, "n": 9223372036854775808 } "#
        let value = try JSONValue(parsing: text.utf8)
        let expected: JSONValue = [
            "b": [1, -25.0, true, false, .null], "a": ["": "x"], "n": .number(9_223_372_036_854_775_808),
        ]
        #expect(value == expected)
        #expect(value["b"]?.array?.first?.integer == 1)
        #expect(value["b"]?.array?[1].number == -25)
        #expect(value["b"]?.array?[1].integer == -25)
        #expect(value["a"]?.members?.first?.value.string == "x")
    }

    @Test(arguments: [
        (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\uD83D\uDE00""#, "é😀"),
        (#""\ud83d""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
        (#""\ude00""#, "\u{FFFD}"), (#""é😀""#, "é😀"), (#""""#, ""),
    ])
    func readsStrings(text: String, expected: String) throws {
        #expect(try JSONValue(parsing: text.utf8) == .string(expected))
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "1.", "1e", "-", "+1", ".5", "tru",
        "nulls", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\u{1}\"", "[1 2]", "1 2", "1e999", "'a'", "\"\\", "\"\\u",
    ])
    func refusesWhatIsNoJSON(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test func refusesInvalidUTF8AndSaysWhere() {
        #expect(throws: JSONError(message: "a string is not valid UTF-8", offset: 2)) {
            try JSONValue(parsing: [UInt8(ascii: "\""), 0xFF, UInt8(ascii: "\"")])
        }
        #expect(throws: JSONError(message: "',' or ']' is expected", offset: 3)) {
            try JSONValue(parsing: "[1 2]".utf8)
        }
    }

    @Test func limitsNesting() throws {
        let text = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        _ = try JSONValue(parsing: text(64).utf8)
        #expect(throws: JSONError.self) { try JSONValue(parsing: text(65).utf8) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000).utf8) }
    }

    @Test(arguments: 1...8) func whatIsWrittenReadsBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let value = Self.value(depth: 0, &random)
            #expect(try JSONValue(parsing: value.description.utf8) == value)
            #expect(try JSONValue(parsing: value.pretty.utf8) == value)
        }
    }

    @Test(arguments: 1...8) func neverTrapsOnDamagedText(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var bytes = Array(Self.value(depth: 0, &random).description.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
                bytes.insert(UInt8.random(in: 0...255, using: &random), at: min(place, bytes.count))
                bytes.removeLast(Int.random(in: 0...min(2, bytes.count), using: &random))
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect((try? JSONValue(parsing: value.description.utf8)) == value)
        }
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &random) {
        case 0: .null
        case 1: .bool(.random(using: &random))
        case 2: .integer(.random(in: .min ... .max, using: &random))
        case 3: .number(.random(in: -1...1, using: &random))
        case 4: .string(string(&random))
        case 5: .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(depth: depth + 1, &random) })
        default:
            .object(
                (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                    JSONValue.Member(string(&random), value(depth: depth + 1, &random))
                })
        }
    }

    private static func string(_ random: inout SeededGenerator) -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "\"", "\\", "\n", "\u{0}", "\u{7F}", "é", "\u{2028}", "😀", "\u{301}", "/",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            if let scalar = scalars.randomElement(using: &random) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
