// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A place in a text at which a sentence may end: a full stop, a question mark, an ellipsis, a comma.
///
/// Decides only by what it sees; answers `.unknown` when the text that has not come yet matters.
struct SentencePlace {
    /// The text from the beginning of the sentence.
    let text: [Unicode.Scalar]
    /// Where the mark stands.
    let start: Int
    /// Whether nothing more comes.
    let isEnd: Bool

    private typealias Rules = SentenceRules

    /// Whether the sentence ends with the marks that begin here.
    func decide() -> SentenceTokenizer.Decision {
        let stops = run(from: start) { Rules.isStop($0) || Rules.isWideStop($0) }
        let end = run(from: stops) { Rules.isClosing($0) }
        guard end < text.count || isEnd else { return .unknown }
        if text[start..<stops].contains(where: Rules.isWideStop) { return .ends(end) }
        guard end < text.count else { return isAbbreviated(stops) ? .goesOn(end) : .ends(end) }
        guard Rules.isSpace(text[end]) else { return decideUnspaced(stops, end) }
        if end > stops { return decideByNext(end) { !Rules.isLower($0) } }
        return text[start] == "." ? decideFullStop(stops) : decideMark(stops)
    }

    /// Whether the first clause ends with the mark that stands here.
    func decideClause() -> SentenceTokenizer.Decision {
        guard start + 1 < text.count else { return isEnd ? .goesOn(start + 1) : .unknown }
        let words = text[..<start].split(whereSeparator: Rules.isSpace).count
        let isClause = Rules.isSpace(text[start + 1]) && words >= 3
        return isClause ? .ends(start + 1) : .goesOn(start + 1)
    }

    private func run(from start: Int, while isPart: (Unicode.Scalar) -> Bool) -> Int {
        text[start...].firstIndex { !isPart($0) } ?? text.count
    }

    /// `Hello!How` and `12345.Let` are two sentences; `3.5`, `example.com`, `Ph.D.` and `Anna.Lee@example.com` are not.
    private func decideUnspaced(_ stops: Int, _ end: Int) -> SentenceTokenizer.Decision {
        guard Rules.isUpper(text[end]), start > 0, !isAddress(word), !isAbbreviated(stops) else { return .goesOn(end) }
        let next = run(from: end) { !Rules.isSpace($0) }
        guard next < text.count || isEnd else { return .unknown }
        let hasWord = end + 1 == next || Rules.isLower(text[end + 1])
        return hasWord && !isAddress(string(text[end..<next])) ? .ends(end) : .goesOn(end)
    }

    /// An ellipsis or a pile of marks ends a sentence when a capital letter follows; a single mark always does.
    private func decideMark(_ stops: Int) -> SentenceTokenizer.Decision {
        text[start] == "…" && stops == start + 1 ? decideByNext(stops, Rules.isUpper) : .ends(stops)
    }

    private func decideFullStop(_ stops: Int) -> SentenceTokenizer.Decision {
        let marks = text[start..<stops]
        if marks.count > 1 { return marks.allSatisfy { $0 == "." } ? decideByNext(stops, Rules.isUpper) : .ends(stops) }
        let word = word
        if Rules.isListNumber(word, atStart: wordStart == firstWord) { return .goesOn(stops) }
        if Rules.numberAbbreviations.contains(word) { return decideByNext(stops) { !Rules.isDigit($0) } }
        if Rules.trailingAbbreviations.contains(word) { return decideByNext(stops, Rules.isUpper) }
        return isAbbreviated(stops) ? .goesOn(stops) : .ends(stops)
    }

    /// Whether the full stop belongs to a word that goes on: a title, an initial, `U.S.`.
    private func isAbbreviated(_ stops: Int) -> Bool {
        guard stops == start + 1, text[start] == "." else { return false }
        let word = word
        if Rules.leadingAbbreviations.contains(word) { return true }
        let letters = word.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
        let areInitials = letters.allSatisfy { $0.count == 1 && $0.allSatisfy(Rules.isLetter) }
        return areInitials && word != "i" && !Rules.trailingAbbreviations.contains(word)
    }

    /// Ends the sentence at `end` when the next character that is not white space or an opening mark is as wanted.
    private func decideByNext(_ end: Int, _ isWanted: (Unicode.Scalar) -> Bool) -> SentenceTokenizer.Decision {
        let next = run(from: end) { (Rules.isSpace($0) && !Rules.isNewline($0)) || Rules.isOpening($0) }
        guard next < text.count else { return isEnd ? .ends(end) : .unknown }
        return Rules.isNewline(text[next]) || isWanted(text[next]) ? .ends(end) : .goesOn(end)
    }

    // MARK: The word before the mark

    private var firstWord: Int { text.firstIndex { !Rules.isSpace($0) } ?? 0 }

    private var wordStart: Int {
        let before = text[..<start].lastIndex { Rules.isSpace($0) || Rules.isOpening($0) }
        return before.map { $0 + 1 } ?? 0
    }

    private var word: String { string(text[wordStart..<start]).lowercased() }

    private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Whether a word looks like part of a web or mail address.
    private func isAddress(_ word: String) -> Bool {
        let isDotted = word.unicodeScalars.split(separator: ".").count > 1
        return isDotted || word == "www" || word.contains("/") || word.contains("@")
    }
}

extension SentenceRules {
    /// Whether a word at the start of a line only numbers it: `1.` but not `1980.`.
    static func isListNumber(_ word: String, atStart: Bool) -> Bool {
        atStart && (1...2).contains(word.unicodeScalars.count) && word.unicodeScalars.allSatisfy(isDigit)
    }
}
