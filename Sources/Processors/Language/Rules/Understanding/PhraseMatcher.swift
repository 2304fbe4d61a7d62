// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Words that stand for the value of a slot.
struct SlotCapture: Sendable, Hashable {
    /// The slot's name.
    var slot: String
    /// The words, as positions in the utterance.
    var range: Range<Int>
}

/// How an utterance fits a pattern.
struct PhraseMatch: Sendable, Hashable {
    /// Words that had to be passed over.
    var skipped: Int
    /// What was said of slots, in order.
    var captures: [SlotCapture]
}

/// Compares utterances with patterns, word by word, and passes over a limited number of words that do not fit.
///
/// Work is bounded by the pattern's size times the square of the utterance's length for each way of filling slots.
struct PhraseMatcher {
    private struct State: Hashable {
        var position = 0
        var skipped = 0
        var captures: [SlotCapture] = []
    }

    // A stretch of ambiguous phrases cannot make the number of ways explode.
    private static let mostStates = 200

    private let words: [String]
    private let lexicon: Lexicon
    private let budget: Int

    /// Prepares an utterance.
    ///
    /// - Parameter budget: Words that may be passed over.
    init(_ words: [String], lexicon: Lexicon, budget: Int) {
        self.words = words
        self.lexicon = lexicon
        self.budget = budget
    }

    /// The way of fitting that passes over the fewest words; `nil` if the utterance does not fit.
    func match(_ pattern: Pattern) -> PhraseMatch? {
        let ends = states(after: pattern, from: [State()])
        let complete = ends.compactMap { state -> PhraseMatch? in
            let skipped = skipped(state, to: words.count)
            return skipped <= budget ? PhraseMatch(skipped: skipped, captures: state.captures) : nil
        }
        // Of equals the first, so that the order in which phrases are written decides.
        return complete.reduce(nil) { best, next in best.map { next.skipped < $0.skipped ? next : $0 } ?? next }
    }

    private func states(after pattern: Pattern, from states: [State]) -> [State] {
        switch pattern {
        case .word(let word): return merged(states.flatMap { after(word, from: $0) })
        case .slot(let name): return merged(states.flatMap { after(slot: name, from: $0) })
        case .part(let name):
            return lexicon.parts[name].map { self.states(after: $0, from: states) } ?? []
        case .sequence(let patterns): return patterns.reduce(states) { self.states(after: $1, from: $0) }
        case .choice(let patterns): return merged(patterns.flatMap { self.states(after: $0, from: states) })
        case .optional(let pattern): return merged(self.states(after: pattern, from: states) + states)
        }
    }

    private func after(_ word: String, from state: State) -> [State] {
        starts(from: state).filter { words[$0] == word }.map { index in
            State(position: index + 1, skipped: skipped(state, to: index), captures: state.captures)
        }
    }

    private func after(slot name: String, from state: State) -> [State] {
        guard let pattern = lexicon.slots[name] else { return [] }
        let exact = PhraseMatcher(words, lexicon: lexicon, budget: 0)
        return starts(from: state).flatMap { start in
            exact.states(after: pattern, from: [State(position: start)]).map { inner in
                let capture = SlotCapture(slot: name, range: start..<inner.position)
                return State(
                    position: inner.position, skipped: skipped(state, to: start), captures: state.captures + [capture])
            }
        }
    }

    /// Where the next word may be, as far as the budget reaches.
    private func starts(from state: State) -> Range<Int> {
        state.position..<min(words.count, state.position + budget - state.skipped + 1)
    }

    private func skipped(_ state: State, to index: Int) -> Int { state.skipped + index - state.position }

    private func merged(_ states: [State]) -> [State] {
        var known: Set<State> = []
        return Array(states.filter { known.insert($0).inserted }.prefix(Self.mostStates))
    }
}
