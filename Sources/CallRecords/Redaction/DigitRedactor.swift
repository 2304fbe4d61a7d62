// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Hides digits, written or spelt out in English, in a text.
///
/// Digits and number words with nothing but spaces and the like between them are one number: "4111 1111-1111" and "my pin
/// is four seven double one" are. What counts is how many digits a number has.
struct DigitRedactor: Sendable {
    private let fewestDigits: Int

    /// `nil` when there is nothing to hide.
    init?(_ redaction: PipelineRecords.Redaction) {
        switch redaction {
        case .nothing: return nil
        case .longNumbers: fewestDigits = 4
        case .digits: fewestDigits = 1
        }
    }

    /// The text with a `#` in the place of each digit and of each number word.
    func redact(_ text: String) -> String {
        var result = ""
        var number = Number()
        for token in Tokens(text) {
            switch token {
            case .digits(let digits):
                number.add(hidden: String(repeating: "#", count: digits.count), digits, digits.count)
            case .word(let word):
                if let count = Self.digitCounts[word.lowercased()] {
                    number.add(hidden: "#", word, count, isWeak: Self.weakWords.contains(word.lowercased()))
                } else {
                    result += number.taken(fewestDigits)
                    result += word
                }
            case .gap(let gap):
                if number.isEmpty || !Self.joins(gap) {
                    result += number.taken(fewestDigits)
                    result += gap
                } else {
                    number.add(gap: gap)
                }
            }
        }
        return result + number.taken(fewestDigits)
    }

    private static func joins(_ gap: Substring) -> Bool {
        gap.unicodeScalars.count <= 3
            && gap.unicodeScalars.allSatisfy { " \u{A0}\t-–.,()/+#*".unicodeScalars.contains($0) }
    }

    /// Digits that a word stands for; "double" and the like belong to a number without having digits of their own.
    private static let digitCounts: [String: Int] = {
        var counts = ["double": 1, "triple": 2, "hundred": 2, "thousand": 3, "oh": 1, "o": 1]
        for word in ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"] {
            counts[word] = 1
        }
        let twoDigits = [
            "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
            "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
        ]
        for word in twoDigits { counts[word] = 2 }
        return counts
    }()

    /// Words that are numbers only in company.
    private static let weakWords: Set<String> = ["one", "oh", "o", "double", "triple"]

    /// A number that is being read.
    private struct Number {
        private var plain = ""
        private var hidden = ""
        /// What stands behind the last digit; belongs to the number only if another one follows.
        private var gap = ""
        private var digitCount = 0
        private var isWeak = true

        var isEmpty: Bool { plain.isEmpty }

        mutating func add(hidden text: String, _ original: Substring, _ count: Int, isWeak: Bool = false) {
            // In company every word is a number.
            self.isWeak = self.isWeak && isWeak && plain.isEmpty
            plain += gap + original
            hidden += gap + text
            gap = ""
            digitCount += count
        }

        mutating func add(gap text: Substring) { gap += text }

        /// The number, hidden if it is long enough, and what stands behind it.
        mutating func taken(_ fewestDigits: Int) -> String {
            defer { self = Number() }
            return (digitCount >= fewestDigits && !isWeak ? hidden : plain) + gap
        }
    }
}

/// Cuts a text into digits, words, and what lies between.
private struct Tokens: Sequence, IteratorProtocol {
    enum Token {
        case digits(Substring)
        case word(Substring)
        case gap(Substring)
    }

    private enum Kind { case digit, letter, other }

    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func next() -> Token? {
        guard let first = rest.first else { return nil }
        let kind = Self.kind(first)
        let token = rest.prefix { Self.kind($0) == kind }
        rest = rest.dropFirst(token.count)
        switch kind {
        case .digit: return .digits(token)
        case .letter: return .word(token)
        case .other: return .gap(token)
        }
    }

    private static func kind(_ character: Character) -> Kind {
        // By its first scalar: a digit with a combining mark is still one.
        if character.unicodeScalars.first?.properties.numericType == .decimal { return .digit }
        return character.isLetter ? .letter : .other
    }
}
