// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What may be said: the one form from which both the recogniser's grammar and the agent's matching come.
indirect enum Pattern: Sendable, Hashable {
    /// One spoken word, as ``SpokenForm/words(of:)`` writes it.
    case word(String)
    /// A value of a slot.
    case slot(String)
    /// A named part.
    case part(String)
    /// All of them, one after the other.
    case sequence([Pattern])
    /// One of them.
    case choice([Pattern])
    /// It or nothing.
    case optional(Pattern)
}

extension Pattern {
    /// All of them, one after the other; the only one itself.
    static func all(_ patterns: [Pattern]) -> Pattern {
        patterns.count == 1 ? patterns[0] : .sequence(patterns)
    }

    /// One of them; the only one itself.
    static func any(_ patterns: [Pattern]) -> Pattern {
        patterns.count == 1 ? patterns[0] : .choice(patterns)
    }

    /// One of these texts, each of one or several words.
    static func texts(_ texts: some Sequence<String>) -> Pattern {
        any(texts.map { .all(SpokenForm.words(of: $0).map { .word($0) }) })
    }

    /// The parts directly inside.
    var children: [Pattern] {
        switch self {
        case .word, .slot, .part: []
        case .sequence(let patterns), .choice(let patterns): patterns
        case .optional(let pattern): [pattern]
        }
    }

    /// This and everything inside.
    var descendants: [Pattern] { [self] + children.flatMap(\.descendants) }

    /// The names of the slots in it, in order of appearance.
    var slots: [String] {
        descendants.compactMap { if case .slot(let name) = $0 { name } else { nil } }
    }

    /// The names of the parts in it, in order of appearance.
    var parts: [String] {
        descendants.compactMap { if case .part(let name) = $0 { name } else { nil } }
    }

    /// The slots that are said whichever way is taken.
    var certainSlots: Set<String> {
        switch self {
        case .word, .part, .optional: []
        case .slot(let name): [name]
        case .sequence(let patterns): patterns.reduce(into: []) { $0.formUnion($1.certainSlots) }
        case .choice(let patterns):
            patterns.dropFirst().reduce(patterns.first?.certainSlots ?? []) { $0.intersection($1.certainSlots) }
        }
    }

    /// The pattern in which nothing may be left out.
    var withoutOptions: Pattern {
        switch self {
        case .word, .slot, .part: self
        case .sequence(let patterns): .sequence(patterns.map(\.withoutOptions))
        case .choice(let patterns): .choice(patterns.map(\.withoutOptions))
        case .optional(let pattern): pattern.withoutOptions
        }
    }

    /// Whether nothing at all fits it.
    var canBeEmpty: Bool {
        switch self {
        case .word, .slot, .part: false
        case .sequence(let patterns): patterns.allSatisfy(\.canBeEmpty)
        case .choice(let patterns): patterns.contains(where: \.canBeEmpty)
        case .optional: true
        }
    }
}
