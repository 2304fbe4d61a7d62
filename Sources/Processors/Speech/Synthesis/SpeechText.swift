// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Prepares the text of a sentence for a synthesiser.
package enum SpeechText {
    /// The pieces of `text` that are given to the synthesiser one at a time, each of at most `limit` characters.
    ///
    /// Text that is longer is cut at the last clause end within the limit, else at white space, else anywhere. Nothing is
    /// lost but white space and NULs, at which C would end; text without a letter or digit gives no piece.
    package static func pieces(_ text: String, limit: Int) -> [String] {
        var pieces: [String] = []
        let text = text.replacing("\0", with: " ")
        var rest = trimmed(text[...])
        while rest.count > limit {
            let head = rest.prefix(limit)
            let end = cut(head)
            pieces.append(String(trimmed(rest[..<end])))
            rest = trimmed(rest[end...])
        }
        pieces.append(String(rest))
        return pieces.filter { $0.contains { $0.isLetter || $0.isNumber } }
    }

    private static func cut(_ head: Substring) -> Substring.Index {
        let clauseEnd = head.lastIndex { ",;:.!?".contains($0) }
        if let clauseEnd, head.distance(from: head.startIndex, to: clauseEnd) >= head.count / 2 {
            return head.index(after: clauseEnd)
        }
        let space = head.lastIndex(where: \.isWhitespace)
        return space.map { $0 > head.startIndex ? $0 : head.endIndex } ?? head.endIndex
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let head = text.drop(while: \.isWhitespace)
        return head.lastIndex { !$0.isWhitespace }.map { head[...$0] } ?? ""
    }
}
