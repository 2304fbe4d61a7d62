// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Finds the words that a JSGF grammar can say.
///
/// - SeeAlso: JSpeech Grammar Format, W3C Note of 5 June 2000.
enum JSGFWords {
    /// The words of a grammar, each once, in order of appearance.
    static func all(in grammar: String) -> [String] {
        var scanner = Scanner(Array(withoutComments(grammar)))
        return scanner.words()
    }

    private static func withoutComments(_ grammar: String) -> String {
        var result = ""
        var rest = Substring(grammar)
        while let slash = rest.firstIndex(of: "/") {
            result += rest[..<slash]
            rest = rest[slash...]
            if rest.hasPrefix("//") {
                rest = rest[(rest.firstIndex(where: \.isNewline) ?? rest.endIndex)...]
            } else if rest.hasPrefix("/*") {
                rest = rest.dropFirst(2)
                while !rest.isEmpty, !rest.hasPrefix("*/") { rest = rest.dropFirst() }
                rest = rest.dropFirst(2)
            } else {
                result += "/"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    /// Walks over the characters of a grammar without comments.
    private struct Scanner {
        private let characters: [Character]
        private var index = 0
        private var isRule = false

        init(_ characters: [Character]) {
            self.characters = characters
        }

        mutating func words() -> [String] {
            var words: [String] = []
            var known: Set<String> = []
            while index < characters.count {
                if let word = next(), known.insert(word).inserted { words.append(word) }
            }
            return words
        }

        /// Takes one token and answers it if it is a word of a rule.
        private mutating func next() -> String? {
            let character = characters[index]
            switch character {
            case "<": skip(past: ">")
            case "{": skip(past: "}")
            case "/": skip(past: "/")
            case "=": (isRule, index) = (true, index + 1)
            case ";": (isRule, index) = (false, index + 1)
            case "\"": return quoted()
            case _ where Self.isPartOfWord(character): return word()
            default: index += 1
            }
            return nil
        }

        private mutating func skip(past end: Character) {
            index += 1
            while index < characters.count, characters[index] != end { index += 1 }
            index += 1
        }

        private mutating func quoted() -> String? {
            let start = index + 1
            skip(past: "\"")
            let text = String(characters[start..<min(max(start, index - 1), characters.count)])
            return isRule && !text.isEmpty ? text : nil
        }

        private mutating func word() -> String? {
            let start = index
            while index < characters.count, Self.isPartOfWord(characters[index]) { index += 1 }
            return isRule ? String(characters[start..<index]) : nil
        }

        private static func isPartOfWord(_ character: Character) -> Bool {
            !character.isWhitespace && !"<>{}/=;\"|()[]*+".contains(character)
        }
    }
}
