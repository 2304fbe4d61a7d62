// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Marks inside a line: emphasis, links, tags, entities, escapes.
extension SpeakableText {
    private typealias Rules = SentenceRules

    private var isAfterWord: Bool { previous.map(Rules.isSpeakable) ?? false }

    /// What becomes of the character that comes next.
    func inlineStep(_ rest: Lookahead) -> Step {
        switch rest[0] {
        case "*", "_", "~", "\\", "!", "]": markStep(rest)
        case "`", "[": .say("", consuming: 1)
        case "|": .say(" ", consuming: 1)
        case "<": tagStep(rest)
        case "&": entityStep(rest)
        case "h", "H", "w", "W": isAfterWord ? literal(rest) : linkStep(rest)
        default: literal(rest)
        }
    }

    private func literal(_ rest: Lookahead) -> Step { .say(rest.string(0..<1), consuming: 1) }

    /// A mark whose meaning depends on the character behind it.
    private func markStep(_ rest: Lookahead) -> Step {
        if rest.isUnknown(1) { return .unknown }
        let next = rest.character(at: 1)
        return switch rest[0] {
        case "*": emphasisStep(rest, next)
        case "_": .say(isAfterWord && next.map(Rules.isSpeakable) == true ? " " : "", consuming: 1)
        case "~": next == "~" ? .say("", consuming: 2) : literal(rest)
        case "\\": escapeStep(rest, next)
        case "!": next == "[" ? .say("", consuming: 2) : literal(rest)
        default: next == "(" ? targetStep(rest) : .say("", consuming: 1)
        }
    }

    /// `2 * 3` and `2*3` are products; every other star is emphasis.
    private func emphasisStep(_ rest: Lookahead, _ next: Unicode.Scalar?) -> Step {
        guard let previous, let next else { return .say("", consuming: 1) }
        let isProduct =
            (Rules.isSpace(previous) && Rules.isSpace(next)) || (Rules.isDigit(previous) && Rules.isDigit(next))
        return isProduct ? literal(rest) : .say("", consuming: 1)
    }

    private func escapeStep(_ rest: Lookahead, _ next: Unicode.Scalar?) -> Step {
        guard let next, next.isASCII, !Rules.isSpeakable(next), !Rules.isSpace(next) else {
            return .say("", consuming: 1)
        }
        return .say(rest.string(1..<2), consuming: 2)
    }

    /// The target of `[text](target)`; parentheses that are not closed on the line are text.
    private func targetStep(_ rest: Lookahead) -> Step {
        let end = rest.run(from: 2) { $0 != ")" && !Rules.isNewline($0) }
        if end > Self.longestMark { return .say("", consuming: 1) }
        if rest.isUnknown(end) { return .unknown }
        return rest.character(at: end) == ")" ? .say("", consuming: end + 1) : .say("", consuming: 1)
    }

    /// A tag; `<` before anything but a letter is a sign.
    private func tagStep(_ rest: Lookahead) -> Step {
        if rest.isUnknown(1) { return .unknown }
        guard let next = rest.character(at: 1), next == "/" || next == "!" || (next.isASCII && Rules.isLetter(next))
        else {
            return literal(rest)
        }
        let end = rest.run(from: 1) { $0 != ">" && $0 != "<" && !Rules.isNewline($0) }
        if end > Self.longestMark { return literal(rest) }
        if rest.isUnknown(end) { return .unknown }
        guard rest.character(at: end) == ">" else { return literal(rest) }
        let content = rest.string(1..<end)
        return .say(content.contains("://") ? links.spoken(content) : " ", consuming: end + 1)
    }

    private static let entities: [String: String] = [
        "amp": "and", "nbsp": " ", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "#39": "'", "hellip": "…",
        "ndash": "–", "mdash": "—", "rsquo": "’", "lsquo": "‘", "ldquo": "“", "rdquo": "”",
    ]

    private func entityStep(_ rest: Lookahead) -> Step {
        let end = rest.run(from: 1) { $0.isASCII && (Rules.isSpeakable($0) || $0 == "#") }
        guard end <= 8 else { return literal(rest) }
        if rest.isUnknown(end) { return .unknown }
        guard rest.character(at: end) == ";", let text = Self.entities[rest.string(1..<end)] else {
            return literal(rest)
        }
        return .say(text, consuming: end + 1)
    }

    /// A web address that stands in the text.
    private func linkStep(_ rest: Lookahead) -> Step {
        let head = rest.string(0..<min(rest.count, 8)).lowercased()
        let beginnings = ["http://", "https://", "www."]
        guard beginnings.contains(where: head.hasPrefix) else {
            let mayBecomeOne = beginnings.contains { $0.hasPrefix(head) } && !rest.isEnd
            return mayBecomeOne ? .unknown : literal(rest)
        }
        let stop = rest.run { !Rules.isSpace($0) && !"<>\"()[]|*`".unicodeScalars.contains($0) }
        if rest.isUnknown(stop), stop < Self.longestMark { return .unknown }
        var end = min(stop, Self.longestMark)
        while end > 1, ".,;:!?'".unicodeScalars.contains(rest[end - 1]) { end -= 1 }
        return .say(links.spoken(rest.string(0..<end)), consuming: end)
    }
}
