// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Reading of transcripts: how pieces join, how many words they hold, whether two say the same.
enum SpokenText {
    /// Joins two pieces of speech: with a space, or with nothing between characters of scripts without spaces.
    static func join(_ first: String, _ second: String) -> String {
        guard let last = first.last, let next = second.first else { return first + second }
        return isUnspaced(last) && isUnspaced(next) ? first + second : "\(first) \(second)"
    }

    /// The text without white space around it.
    static func trimmed(_ text: String) -> String {
        guard let start = text.firstIndex(where: { !$0.isWhitespace }),
            let end = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[start...end])
    }

    /// The number of words; a character of a script without spaces counts as one.
    static func wordCount(_ text: String) -> Int {
        text.split(whereSeparator: \.isWhitespace).reduce(0) { count, word in
            let unspaced = word.lazy.filter(isUnspaced).count
            let hasLetters = word.contains { ($0.isLetter || $0.isNumber) && !isUnspaced($0) }
            return count + unspaced + (hasLetters ? 1 : 0)
        }
    }

    /// Lower case letters and numbers, one space between words: two texts that sound alike are equal.
    static func normalized(_ text: String) -> String {
        let kept = text.lowercased().map { character -> Character in
            character.isLetter || character.isNumber || character == "'" ? character : " "
        }
        return String(kept).split(separator: " ").joined(separator: " ")
    }

    /// Whether a text, quotation marks and brackets aside, ends in a question mark.
    static func isQuestion(_ text: String) -> Bool {
        guard let last = text.last(where: { !$0.isWhitespace && !"\"'”’»)".contains($0) }) else { return false }
        return "?？؟".contains(last)
    }

    // Han, Hiragana, Katakana: scripts that are written without spaces.
    private static func isUnspaced(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first?.value else { return false }
        return (0x3040...0x30FF).contains(scalar) || (0x3400...0x9FFF).contains(scalar)
            || (0x20000...0x3134F).contains(scalar)
    }
}
