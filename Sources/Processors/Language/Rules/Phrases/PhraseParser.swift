// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Reads the notation of phrases.
///
///     when [exactly] are you open           words, and words that may be left out
///     (where is | how do i find) the shop   one of several
///     <want> a {service} [on {day}]         a named part, and values of slots
struct PhraseParser {
    /// Why a phrase cannot be read.
    struct Failure: Error {
        /// The fact and the remedy.
        var message: String
    }

    private static let deepestNesting = 16

    private let text: String
    private var rest: Substring
    private var depth = 0

    /// Reads a whole phrase.
    ///
    /// - Throws: ``Failure`` for the first thing that is wrong.
    static func parse(_ text: String) throws(Failure) -> Pattern {
        var parser = PhraseParser(text)
        let pattern = try parser.choice()
        if let next = parser.rest.first { throw Failure(message: "'\(next)' without its opening bracket") }
        guard !pattern.canBeEmpty else {
            throw Failure(message: "the phrase needs a word that cannot be left out")
        }
        return pattern
    }

    private init(_ text: String) {
        self.text = text
        rest = Substring(text)
    }

    private mutating func choice() throws(Failure) -> Pattern {
        var branches = [try sequence()]
        while rest.first == "|" {
            rest.removeFirst()
            branches.append(try sequence())
        }
        return .any(branches)
    }

    private mutating func sequence() throws(Failure) -> Pattern {
        var items: [Pattern] = []
        while let next = rest.first, !"|)]".contains(next) {
            switch next {
            case "(": items.append(try group(closedBy: ")"))
            case "[": items.append(.optional(try group(closedBy: "]")))
            case "{": items.append(.slot(try name(closedBy: "}", "slot")))
            case "<": items.append(.part(try name(closedBy: ">", "part")))
            case "}", ">": throw Failure(message: "'\(next)' without its opening bracket")
            case _ where next.isWhitespace: rest.removeFirst()
            default: items += try words()
            }
        }
        guard !items.isEmpty else { throw Failure(message: "nothing stands between two separators; write a word") }
        return .all(items)
    }

    private mutating func group(closedBy end: Character) throws(Failure) -> Pattern {
        guard depth < Self.deepestNesting else { throw Failure(message: "brackets are nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        let start = rest.removeFirst()
        let pattern = try choice()
        guard rest.first == end else { throw Failure(message: "'\(start)' is not closed by '\(end)'") }
        rest.removeFirst()
        return pattern
    }

    private mutating func name(closedBy end: Character, _ kind: String) throws(Failure) -> String {
        let start = rest.removeFirst()
        let name = rest.prefix { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
        rest = rest.dropFirst(name.count)
        guard rest.first == end, !name.isEmpty else {
            throw Failure(message: "'\(start)' begins a \(kind); write its snake_case name and '\(end)'")
        }
        rest.removeFirst()
        return String(name)
    }

    private mutating func words() throws(Failure) -> [Pattern] {
        let stretch = rest.prefix { !"()[]{}<>|".contains($0) }
        rest = rest.dropFirst(stretch.count)
        let words = SpokenForm.words(of: stretch)
        guard !words.isEmpty else {
            throw Failure(message: "'\(stretch.trimmingBlanks)' has nothing that can be said; write words")
        }
        return words.map { .word($0) }
    }
}

extension Substring {
    /// The text without white space around it.
    fileprivate var trimmingBlanks: Substring {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
        return start[...end]
    }
}
