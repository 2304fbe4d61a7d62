// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Cuts a text that arrives in pieces into sentences.
///
/// However the text is cut into pieces, the sentences are the same: a place is decided on only when what follows it
/// cannot change the decision. White space apart, no character is lost, but stretches without a letter or a number
/// are.
///
///     in    "Dr. Lee is in. It"  " is 10"  ".30"  " a.m."   flush
///     out   "Dr. Lee is in."                                "It is 10.30 a.m."
struct SentenceTokenizer {
    /// Whether the text goes on at a place.
    enum Decision: Equatable {
        /// The sentence ends before this offset.
        case ends(Int)
        /// It does not end; look on from this offset.
        case goesOn(Int)
        /// More text is needed to tell.
        case unknown
    }

    private let longest: Int
    private let cutsFirstClause: Bool
    private(set) var buffer: [Unicode.Scalar] = []
    private var position = 0
    private var isFirst = true

    /// Creates a tokenizer.
    ///
    /// - Parameters:
    ///   - longest: Length in Unicode scalars from which a sentence is cut at a comma or a space.
    ///   - cutsFirstClause: Whether the first sentence is cut at its first comma, so that it can be spoken sooner.
    init(longest: Int, cutsFirstClause: Bool = false) {
        self.longest = longest
        self.cutsFirstClause = cutsFirstClause
    }

    /// Whether nothing is held.
    var isEmpty: Bool { buffer.isEmpty }

    /// Takes a piece and returns the sentences that are complete.
    mutating func append(_ piece: String) -> [String] {
        buffer.append(contentsOf: piece.unicodeScalars)
        return scan(isEnd: false)
    }

    /// Returns what ends in a full stop as far as one can tell without knowing what follows; keeps the rest.
    mutating func releaseComplete() -> [String] { scan(isEnd: true) }

    /// Returns everything that is held; the next text begins afresh.
    mutating func flush() -> [String] {
        var sentences = scan(isEnd: true)
        if let rest = text(buffer[...]) { sentences.append(rest) }
        reset()
        return sentences
    }

    /// Forgets what is held.
    mutating func reset() {
        buffer = []
        position = 0
        isFirst = true
    }

    private mutating func scan(isEnd: Bool) -> [String] {
        var sentences: [String] = []
        while position < buffer.count {
            if position >= longest {
                take(breakOffset(), into: &sentences)
                continue
            }
            switch decide(isEnd: isEnd) {
            case .ends(let offset): take(offset, into: &sentences)
            case .goesOn(let offset): position = offset
            case .unknown: return sentences
            }
        }
        return sentences
    }

    private mutating func take(_ count: Int, into sentences: inout [String]) {
        guard let sentence = text(buffer[..<count]) else {
            // Nothing to say yet: it belongs to what follows, unless that grows too long.
            guard position >= longest else { return position = count }
            return drop(count)
        }
        sentences.append(sentence)
        isFirst = false
        drop(count)
    }

    private mutating func drop(_ count: Int) {
        buffer.removeFirst(count)
        position = 0
    }

    private func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String? {
        guard scalars.contains(where: SentenceRules.isSpeakable) else { return nil }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return SpokenText.trimmed(String(view))
    }

    /// Where a sentence that is too long is cut: behind the last comma, else behind the last space, else anywhere.
    private func breakOffset() -> Int {
        let head = buffer[..<longest]
        let mark = head.indices.dropLast().last {
            SentenceRules.isClauseMark(head[$0]) && SentenceRules.isSpace(head[$0 + 1])
        }
        if let mark, mark >= longest / 4 { return mark + 1 }
        if let space = head.lastIndex(where: SentenceRules.isSpace), space > 0 { return space + 1 }
        return longest
    }

    private func decide(isEnd: Bool) -> Decision {
        let scalar = buffer[position]
        if SentenceRules.isNewline(scalar) { return .ends(position + 1) }
        let place = SentencePlace(text: buffer, start: position, isEnd: isEnd)
        if SentenceRules.isWideStop(scalar) || SentenceRules.isStop(scalar) { return place.decide() }
        if cutsFirstClause, isFirst, SentenceRules.isClauseMark(scalar) { return place.decideClause() }
        return .goesOn(position + 1)
    }
}
