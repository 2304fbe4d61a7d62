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

    /// The digits that stand at the ends of a text, where a number may have begun before it, or may go on after it.
    struct Edges: Equatable {
        /// Digits of the number that the text begins with.
        var leading = 0
        /// Digits of the number that the text ends with.
        var trailing = 0
        /// Whether the text is one number.
        var isNumber = false
    }

    /// Words that may stand before a number that goes on.
    private static let fillers: Set = ["and", "then", "uh", "um", "er", "hm"]

    /// What stands at the ends of a text.
    func edges(of text: String) -> Edges {
        var edges = Edges()
        var count = 0
        var (hasWord, hasBegun) = (false, false)
        for token in Tokens(text) {
            switch token {
            case .digits(let digits): count += digits.count
            case .word(let word):
                if let digits = Self.digitCounts[word.lowercased()] {
                    count += digits
                } else if !(Self.fillers.contains(word.lowercased()) && count == 0 && !hasBegun) {
                    if !hasWord { edges.leading = count }
                    hasWord = true
                    count = 0
                }
            // A sentence's end is no end of a number that is dictated; anything else between two numbers is.
            case .gap: break
            }
            hasBegun = hasBegun || count > 0
        }
        edges.trailing = count
        edges.isNumber = !hasWord && count > 0
        if edges.isNumber { edges.leading = count }
        return edges
    }

    /// Whether numbers are hidden however short they are.
    var hidesAll: Bool { fewestDigits <= 1 }

    /// Whether a number has so many digits that it is hidden.
    func hides(_ digitCount: Int) -> Bool { digitCount >= fewestDigits }

    /// The text with a `#` in the place of each digit and of each number word.
    ///
    /// - Parameters:
    ///   - before: Digits that belong to the number with which the text begins, and stand before it.
    ///   - after: Digits that belong to the number with which the text ends, and stand after it.
    func redact(_ text: String, before: Int = 0, after: Int = 0) -> String {
        guard before > 0 || after > 0 else { return hideNumbers(text) }
        let edges = edges(of: text)
        if edges.isNumber { return hideNumbers(text, isForced: hides(before + edges.leading + after)) }
        // The ends are hidden as far as a word that is none of a number; what lies between has its own measure.
        var (start, end) = (text.startIndex, text.endIndex)
        if before > 0, edges.leading > 0, hides(before + edges.leading) { start = endOfLeadingNumber(text) }
        if after > 0, edges.trailing > 0, hides(edges.trailing + after) { end = startOfTrailingNumber(text) }
        return hideNumbers(String(text[..<start]), isForced: true) + hideNumbers(String(text[start..<end]))
            + hideNumbers(String(text[end...]), isForced: true)
    }

    /// Where the first word begins that belongs to no number, behind the number at the beginning.
    private func endOfLeadingNumber(_ text: String) -> String.Index {
        var index = text.startIndex
        var hasBegun = false
        for token in Tokens(text) {
            guard case .word(let word) = token, Self.digitCounts[word.lowercased()] == nil else {
                if case .gap = token {} else { hasBegun = true }
                index = text.index(index, offsetBy: token.text.count)
                continue
            }
            if hasBegun { return index }
            index = text.index(index, offsetBy: word.count)
        }
        return index
    }

    /// Where the number at the end begins.
    private func startOfTrailingNumber(_ text: String) -> String.Index {
        var (index, start) = (text.startIndex, text.startIndex)
        for token in Tokens(text) {
            index = text.index(index, offsetBy: token.text.count)
            if case .word(let word) = token, Self.digitCounts[word.lowercased()] == nil { start = index }
        }
        return start
    }

    /// The text without the numbers that are long enough; all of them where it is known that they go on elsewhere.
    private func hideNumbers(_ text: String, isForced: Bool = false) -> String {
        let fewestDigits = isForced ? 1 : self.fewestDigits
        var result = ""
        var number = Number(isForced: isForced)
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
        /// Whether words are hidden that are numbers only in company: there is company elsewhere.
        private let isForced: Bool

        init(isForced: Bool) { self.isForced = isForced }

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
            defer { self = Number(isForced: isForced) }
            return (digitCount >= fewestDigits && (isForced || !isWeak) ? hidden : plain) + gap
        }
    }
}

/// Cuts a text into digits, words, and what lies between.
private struct Tokens: Sequence, IteratorProtocol {
    enum Token {
        case digits(Substring)
        case word(Substring)
        case gap(Substring)

        var text: Substring {
            switch self {
            case .digits(let text), .word(let text), .gap(let text): text
            }
        }
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
