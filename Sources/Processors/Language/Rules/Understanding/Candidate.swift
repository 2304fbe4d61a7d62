// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// One kind of utterance: what fits it and what it means.
struct Candidate: Sendable {
    /// What it means, without the values.
    enum Kind: Sendable, Hashable {
        /// A request.
        case intent(String)
        /// Values of an intent's slots.
        case values(intent: String)
        /// The value of one slot.
        case answer(slot: String)
        /// A slot by its name.
        case mention(slot: String)
        /// Yes, no, the last reply again, never mind.
        case agree, decline, again, cancel
    }

    /// What it means.
    var kind: Kind
    /// What fits it, without openers and closers.
    var pattern: Pattern

    /// How soon it is tried: of those that fit equally well, the one with the smallest rank is taken.
    func rank(_ expected: Expectation) -> Int {
        switch kind {
        case .answer(let slot): slot == expected.slot ? 0 : 8
        case .agree, .decline: expected.isYesNo ? 1 : 7
        case .values(let intent): intent == expected.intent ? 2 : 6
        case .mention, .cancel, .again: 3
        case .intent: 4
        }
    }
}

extension RulesScript {
    private static let mostValuesAtOnce = 4

    /// All kinds of utterances that the agent understands.
    ///
    /// - Parameter isHeard: Whether they are for a recogniser, which mistakes other words for values that follow each
    ///   other without 'on', 'at' and the like: then each value but the first needs its words in front.
    func candidates(isHeard: Bool = false) -> [Candidate] {
        let requests = intents.entries.filter { !$0.value.phrases.isEmpty }.map {
            Candidate(kind: .intent($0.name), pattern: $0.value.phrases.pattern)
        }
        let fillings = intents.entries.compactMap { entry in
            values(of: entry.value, isHeard: isHeard).map { Candidate(kind: .values(intent: entry.name), pattern: $0) }
        }
        let commands = [
            Candidate(kind: .cancel, pattern: cancel.phrases.pattern),
            Candidate(kind: .again, pattern: again.pattern),
            Candidate(kind: .agree, pattern: agree.pattern),
            Candidate(kind: .decline, pattern: decline.pattern),
        ].filter { $0.pattern != .choice([]) }
        return requests + fillings + askedSlots.flatMap(singleValue) + commands
    }

    /// The slots that some intent asks for, each once.
    private var askedSlots: [NamedValues<Slot>.Entry] {
        let asked = Set(intents.entries.flatMap(\.value.ask.names))
        return slots.entries.filter { asked.contains($0.name) }
    }

    private func singleValue(_ slot: NamedValues<Slot>.Entry) -> [Candidate] {
        let names =
            slot.value.called.isEmpty
            ? Pattern.texts(["the " + slot.name.split(separator: "_").joined(separator: " ")])
            : slot.value.called.pattern
        let mention = Pattern.sequence([.optional(.word("change")), names])
        return [
            Candidate(kind: .answer(slot: slot.name), pattern: corrected(answers(of: slot.name))),
            Candidate(kind: .mention(slot: slot.name), pattern: corrected(mention)),
        ]
    }

    /// One value, or several in any order.
    private func values(of intent: Intent, isHeard: Bool) -> Pattern? {
        let names = intent.ask.names.filter { slots[$0]?.type != .yesNo }
        guard !names.isEmpty else { return nil }
        let first = Pattern.any(names.map(answers))
        let next = isHeard ? Pattern.any(names.map { answers(of: $0).withoutOptions }) : first
        let more = (2..<max(2, min(names.count, Self.mostValuesAtOnce))).reduce(next) { inner, _ in
            .sequence([next, .optional(inner)])
        }
        return corrected(names.count == 1 ? first : .sequence([first, .optional(more)]))
    }

    private func answers(of slot: String) -> Pattern {
        guard let answers = slots[slot]?.answers, !answers.isEmpty else { return .slot(slot) }
        return answers.pattern
    }

    private func corrected(_ pattern: Pattern) -> Pattern {
        corrections.isEmpty ? pattern : .sequence([.optional(corrections.pattern), pattern])
    }

    /// The pattern between what may precede and follow any request.
    func utterance(_ pattern: Pattern) -> Pattern {
        let opener = openers.isEmpty ? [] : [Pattern.optional(openers.pattern)]
        let closer = closers.isEmpty ? [] : [Pattern.optional(closers.pattern)]
        return .all(opener + [pattern] + closer)
    }

    /// What the names in the phrases stand for.
    var lexicon: Lexicon {
        let yesNo = agree.map(\.pattern) + decline.map(\.pattern)
        return Lexicon(
            slots: Dictionary(slots.entries.map { ($0.name, $0.value.pattern(yesNo: yesNo)) }) { first, _ in first },
            parts: Dictionary(parts.entries.map { ($0.name, $0.value.pattern) }) { first, _ in first })
    }
}
