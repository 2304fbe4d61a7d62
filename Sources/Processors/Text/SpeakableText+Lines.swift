// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Marks at the start of a line: headings, lists, quotations, rules, code blocks.
extension SpeakableText {
    private typealias Rules = SentenceRules

    /// What becomes of a mark at the start of a line; `nil` if there is none.
    mutating func lineStep(_ rest: Lookahead) -> Step? {
        switch rest[0] {
        case " ", "\t": .say("", consuming: 1)
        case "`", "~": fenceStep(rest)
        case "#": headingStep(rest)
        case "-", "*", "+", "_": listStep(rest)
        case ">": .say("", consuming: 1)
        default: nil
        }
    }

    private mutating func fenceStep(_ rest: Lookahead) -> Step? {
        let end = rest.run { $0 == rest[0] }
        if end < 3 { return rest.isUnknown(end) ? .unknown : nil }
        mode = .skippedLine(isCode: true)
        return .say(codeBlock.isEmpty ? "" : "\(codeBlock)\n", consuming: end)
    }

    private func headingStep(_ rest: Lookahead) -> Step? {
        let end = rest.run { $0 == "#" }
        guard end <= 6 else { return nil }
        guard let next = rest.character(at: end) else { return rest.isEnd ? .say("", consuming: end) : .unknown }
        return Rules.isSpace(next) ? .say("", consuming: Rules.isNewline(next) ? end : end + 1) : nil
    }

    /// `- item`, or a rule such as `---`; a pair of marks is emphasis, and `-5` is a number.
    private func listStep(_ rest: Lookahead) -> Step? {
        let end = rest.run { $0 == rest[0] }
        guard let next = rest.character(at: end) else { return rest.isEnd ? .say("", consuming: end) : .unknown }
        if end == 1, rest[0] != "_", Rules.isSpace(next) { return .say("", consuming: Rules.isNewline(next) ? 1 : 2) }
        return end >= 3 && Rules.isSpace(next) ? .say("", consuming: end) : nil
    }

    /// Looks for the end of a code block at the start of a line.
    mutating func codeStep(_ rest: Lookahead) -> Step {
        let start = rest.run { $0 == " " || $0 == "\t" }
        let end = rest.run(from: start) { $0 == "`" || $0 == "~" }
        if rest.isUnknown(end), end - start < 3, end < Self.longestMark { return .unknown }
        mode = .skippedLine(isCode: end - start < 3)
        return .say("", consuming: end)
    }
}
