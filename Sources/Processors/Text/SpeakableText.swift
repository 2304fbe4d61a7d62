// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Turns text as models write it (Markdown, HTML tags, emoji, links) into text that can be spoken, while it comes in.
///
/// However the text is cut into pieces, the result is the same: a mark is decided on only when what follows it cannot
/// change the decision, which takes at most `longestMark` characters. Letters and numbers are never lost, but those of
/// code blocks, tags and link targets, which never leak.
struct SpeakableText {
    /// What becomes of the text at a place.
    enum Step {
        /// So many characters are consumed and this is said instead.
        case say(String, consuming: Int)
        /// More text is needed to tell.
        case unknown
    }

    /// Where the text stands.
    enum Mode {
        /// The state inside ordinary text.
        case text
        /// The state on a line of which nothing is said; whether code follows.
        case skippedLine(isCode: Bool)
        /// The state at the start of a line inside a code block.
        case codeLine
    }

    /// How far ahead the end of a link or a tag is looked for, in Unicode scalars.
    static let longestMark = 1000

    let links: LinkReading
    let codeBlock: String
    var buffer: [Unicode.Scalar] = []
    var mode = Mode.text
    var isLineStart = true
    /// The last character that was consumed.
    var previous: Unicode.Scalar?
    private var isAfterEmoji = false
    private var isAfterSpace = true

    /// Creates a filter.
    ///
    /// - Parameter codeBlock: What is said in place of a code block.
    init(links: LinkReading = .host, codeBlock: String = "") {
        self.links = links
        self.codeBlock = codeBlock
    }

    /// Takes a piece and returns what can be said of the text so far.
    mutating func append(_ piece: String) -> String {
        buffer.append(contentsOf: piece.unicodeScalars)
        return scan(isEnd: false)
    }

    /// Returns the rest; the next text begins afresh.
    mutating func flush() -> String {
        defer { reset() }
        return scan(isEnd: true)
    }

    /// Forgets what is held.
    mutating func reset() { self = SpeakableText(links: links, codeBlock: codeBlock) }

    /// Whether nothing is held.
    var isEmpty: Bool { buffer.isEmpty }

    private mutating func scan(isEnd: Bool) -> String {
        var output = String.UnicodeScalarView()
        var position = 0
        while position < buffer.count {
            let rest = Lookahead(text: buffer[position...], isEnd: isEnd)
            guard case .say(let text, let count) = step(rest) else { break }
            note(buffer[position..<position + count])
            position += count
            for scalar in text.unicodeScalars { say(scalar, &output) }
        }
        buffer.removeFirst(position)
        return String(output)
    }

    private mutating func step(_ rest: Lookahead) -> Step {
        switch mode {
        case .text: return (isLineStart ? lineStep(rest) : nil) ?? inlineStep(rest)
        case .codeLine: return codeStep(rest)
        case .skippedLine(let isCode):
            guard SentenceRules.isNewline(rest[0]) else { return .say("", consuming: 1) }
            mode = isCode ? .codeLine : .text
            return .say(isCode ? "" : "\n", consuming: 1)
        }
    }

    private mutating func note(_ consumed: ArraySlice<Unicode.Scalar>) {
        guard let last = consumed.last else { return }
        previous = last
        // White space and marks at the start of a line leave what follows at the start.
        let isMark = consumed.allSatisfy { SentenceRules.isSpace($0) || "#>-+*".unicodeScalars.contains($0) }
        let isApart = SentenceRules.isSpace(last) || last == ">"
        isLineStart = SentenceRules.isNewline(last) || (isLineStart && isMark && isApart)
    }

    /// Says a character, unless it is an emoji or a second space.
    private mutating func say(_ scalar: Unicode.Scalar, _ output: inout String.UnicodeScalarView) {
        let isJoiner = scalar == "\u{200D}" && isAfterEmoji
        let isEmoji = isJoiner || Self.isEmoji(scalar)
        defer { isAfterEmoji = isEmoji }
        guard !isEmoji else { return }
        let isSpace = scalar == " " || scalar == "\t"
        guard !(isSpace && isAfterSpace) else { return }
        isAfterSpace = isSpace || SentenceRules.isNewline(scalar)
        output.append(isSpace ? " " : scalar)
    }

    /// Whether a character is a picture, or only changes how one looks.
    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xFE0E, 0xFE0F, 0x20E3, 0xE0020...0xE007F: true
        case 0..<0x2190: false
        default: scalar.properties.isEmoji
        }
    }
}

/// The text from a place on, as far as it has come.
struct Lookahead {
    let text: ArraySlice<Unicode.Scalar>
    /// Whether nothing more comes.
    let isEnd: Bool

    var count: Int { text.count }

    /// The character at an offset that is less than `count`.
    subscript(_ offset: Int) -> Unicode.Scalar { text[text.startIndex + offset] }

    /// The character at an offset, if it is there.
    func character(at offset: Int) -> Unicode.Scalar? { offset < count ? self[offset] : nil }

    /// Whether the character at `offset` has not come yet.
    func isUnknown(_ offset: Int) -> Bool { offset >= count && !isEnd }

    /// The offset of the first character from `start` on that is not as wanted; `count` if there is none.
    func run(from start: Int = 0, while isPart: (Unicode.Scalar) -> Bool) -> Int {
        var offset = start
        while offset < count, isPart(self[offset]) { offset += 1 }
        return offset
    }

    /// The characters in a range of offsets.
    func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[text.startIndex + range.lowerBound..<text.startIndex + range.upperBound])
        return String(view)
    }
}
