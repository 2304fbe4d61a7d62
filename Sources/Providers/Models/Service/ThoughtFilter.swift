// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Takes what a model thinks aloud, between `<think>` and `</think>`, out of what it says.
///
/// Holds back no more than the beginning of a mark; blanks around thoughts at the beginning of an answer go with them.
struct ThoughtFilter: Sendable {
    private static let opening = "<think>"
    private static let closing = "</think>"

    private var held = ""
    private var isThinking = false
    private var hasSpoken = false
    private var hasThought = false

    /// Takes the next piece; returns what of it is said.
    mutating func take(_ piece: String) -> String {
        held += piece
        var said = ""
        while true {
            let mark = isThinking ? Self.closing : Self.opening
            if let range = held.firstRange(of: mark) {
                if !isThinking { said += held[..<range.lowerBound] }
                held = String(held[range.upperBound...])
                isThinking.toggle()
                hasThought = true
                continue
            }
            let count = Self.overlap(held, mark)
            if !isThinking { said += held.dropLast(count) }
            held = String(held.suffix(count))
            return trimmed(said)
        }
    }

    /// What was held back at the end of the answer.
    mutating func finish() -> String {
        defer { held = "" }
        return isThinking ? "" : trimmed(held)
    }

    private mutating func trimmed(_ said: String) -> String {
        guard hasThought, !hasSpoken else {
            hasSpoken = hasSpoken || !said.isEmpty
            return said
        }
        let text = said.drop { $0.isWhitespace }
        hasSpoken = !text.isEmpty
        return String(text)
    }

    /// How many characters at the end of a text may be the beginning of a mark.
    private static func overlap(_ text: String, _ mark: String) -> Int {
        (1..<mark.count).reversed().first { text.hasSuffix(mark.prefix($0)) } ?? 0
    }
}
