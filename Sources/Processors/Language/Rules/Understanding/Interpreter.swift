// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Finds what an utterance means: first among what fits word by word, then among what nearly fits.
struct Interpreter: Sendable {
    private struct Finding {
        var candidate: Candidate
        var match: PhraseMatch
        var words: [String]
    }

    private static let hesitations: Set<String> = ["um", "uh", "er", "hmm", "please"]

    private let script: RulesScript
    private let lexicon: Lexicon
    private let candidates: [Candidate]

    /// Prepares a script.
    init(_ script: RulesScript) {
        self.script = script
        lexicon = script.lexicon
        candidates = script.candidates().map { Candidate(kind: $0.kind, pattern: script.utterance($0.pattern)) }
    }

    /// What a text means; `nil` if it fits nothing.
    ///
    /// A third of the words may be others than expected; of an answer to a question, all but the value itself, up to
    /// four.
    func meaning(of text: String, expecting expected: Expectation) -> Meaning? {
        let words = SpokenForm.words(of: text)
        guard !words.isEmpty else { return nil }
        let ranked = candidates.enumerated().sorted {
            ($0.element.rank(expected), $0.offset) < ($1.element.rank(expected), $1.offset)
        }.map(\.element)
        let finding = exact(words, ranked) ?? nearly(words.filter { !Self.hesitations.contains($0) }, ranked, expected)
        return finding.flatMap(meaning)
    }

    private func exact(_ words: [String], _ candidates: [Candidate]) -> Finding? {
        let matcher = PhraseMatcher(words, lexicon: lexicon, budget: 0)
        for candidate in candidates {
            guard let match = matcher.match(candidate.pattern) else { continue }
            return Finding(candidate: candidate, match: match, words: words)
        }
        return nil
    }

    private func nearly(_ words: [String], _ candidates: [Candidate], _ expected: Expectation) -> Finding? {
        var best: Finding?
        for candidate in candidates {
            let isAnswer = expected.slot.map { candidate.kind == .answer(slot: $0) } ?? false
            let budget = isAnswer ? min(4, words.count - 1) : words.count / 3
            let limit = best.map { min(budget, $0.match.skipped - 1) } ?? budget
            guard limit >= 0 else { continue }
            let matcher = PhraseMatcher(words, lexicon: lexicon, budget: limit)
            guard let match = matcher.match(candidate.pattern) else { continue }
            best = Finding(candidate: candidate, match: match, words: words)
        }
        return best
    }

    private func meaning(_ finding: Finding) -> Meaning? {
        var readings: [String: SlotReading] = [:]
        for capture in finding.match.captures {
            guard let reading = reading(capture, finding.words) else { return nil }
            readings[capture.slot] = reading
        }
        switch finding.candidate.kind {
        case .intent(let name): return .intent(name, readings)
        case .values(let intent): return .values(intent: intent, readings)
        case .answer(let slot):
            let owner = script.intents.entries.first { $0.value.ask.names.contains(slot) }
            return owner.map { .values(intent: $0.name, readings) }
        case .mention(let slot): return .mention(slot: slot)
        case .agree: return .agree
        case .decline: return .decline
        case .again: return .again
        case .cancel: return .cancel
        }
    }

    private func reading(_ capture: SlotCapture, _ words: [String]) -> SlotReading? {
        let said = Array(words[capture.range])
        let matcher = PhraseMatcher(said, lexicon: lexicon, budget: 0)
        let agrees = script.agree.contains { matcher.match($0.pattern) != nil }
        return script.slots[capture.slot]?.reading(of: said, agrees: agrees) { matcher.match($0) != nil }
    }
}
