// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Writes text as it is spoken, so that typed, dictated and recognised text compare word by word.
///
/// Lower case, no punctuation, numbers and clock times as words, short forms in full: `I'd like 3:30, please` becomes
/// `i would like three thirty please`.
enum SpokenForm {
    /// Words past this many are not looked at: nobody says more at once.
    static let longestUtterance = 60

    /// The words of a text.
    static func words(of text: some StringProtocol) -> [String] {
        var words: [String] = []
        for token in tokens(text.lowercased()) {
            words += spoken(token, after: words.last)
            if words.count >= longestUtterance { return Array(words.prefix(longestUtterance)) }
        }
        return words
    }

    // A point belongs to its word only in 'a.m.', 'p.m.' and between digits; a colon between digits; apostrophes do.
    private static func tokens(_ text: String) -> [Substring] {
        text.split { character in
            !(character.isLetter || character.isNumber || "'’.:".contains(character))
        }
    }

    private static func spoken(_ token: Substring, after previous: String?) -> [String] {
        let word = String(token.map { $0 == "’" ? "'" : $0 })
        if let half = halfOfDay(word) { return [half] }
        let parts = word.split { ".:".contains($0) }.flatMap(splitDigits)
        if parts.count == 2, parts.allSatisfy({ $0.allSatisfy(\.isNumber) }) { return clock(parts) }
        var words: [String] = []
        for part in parts {
            let isAfterNumber = (words.last ?? previous).map(NumberWords.isNumberWord) ?? false
            words += part == "am" && isAfterNumber ? ["a.m."] : plain(part)
        }
        return words
    }

    private static func halfOfDay(_ word: String) -> String? {
        switch word {
        case "a.m.", "a.m": "a.m."
        case "p.m.", "p.m", "pm", "pm.": "p.m."
        default: nil
        }
    }

    // '3pm' is said as '3 pm'.
    private static func splitDigits(_ word: Substring) -> [Substring] {
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        let rest = word.dropFirst(digits.count)
        return digits.isEmpty || rest.isEmpty ? [word] : [digits, rest]
    }

    private static func clock(_ parts: [Substring]) -> [String] {
        guard parts[1] != "00" else { return plain(parts[0]) }
        return plain(parts[0]) + plain(parts[1])
    }

    private static func plain(_ word: Substring) -> [String] {
        if word == "pm" { return ["p.m."] }
        if word.allSatisfy({ $0.isASCII && $0.isNumber }) { return NumberWords.words(ofDigits: word) }
        return Contractions.inFull(word) ?? trimmed(word)
    }

    private static func trimmed(_ word: Substring) -> [String] {
        let letters = word.drop { $0 == "'" }
        guard let last = letters.lastIndex(where: { $0 != "'" }) else { return [] }
        return [String(letters[...last])]
    }
}
