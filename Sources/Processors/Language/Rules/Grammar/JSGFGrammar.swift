// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Writes the grammar of everything that an agent understands, for a recogniser.
///
/// The rules come from the patterns that the agent itself compares utterances with, so that each sentence of the
/// grammar means something to the agent.
///
/// - SeeAlso: JSpeech Grammar Format, W3C Note of 5 June 2000.
package enum JSGFGrammar {
    /// The grammar, with one public rule; all words in lower case.
    package static func make(from script: RulesScript) -> String {
        let lexicon = script.lexicon
        let candidates = script.candidates(isHeard: true)
        let used = Set(candidates.flatMap(\.pattern.slots))
        let slots = script.slots.names.filter(used.contains)
        let named =
            slots.map { rule(slot($0), lexicon.slots[$0]) }
            + script.parts.entries.map {
                rule(part($0.name), $0.value.pattern)
            }
        let kinds = candidates.enumerated().map { rule("\(request)_\($0)", $1.pattern) }
        let all = candidates.indices.map { "<\(request)_\($0)>" }.joined(separator: " | ")
        let utterance = text(script.utterance(.part("")), part: { $0.isEmpty ? request : part($0) })
        let lines = ["#JSGF V1.0;", "grammar agent;", "public <utterance> = \(utterance);", "<\(request)> = \(all);"]
        return (lines + kinds + named).joined(separator: "\n") + "\n"
    }

    /// The words of the grammar, each once, in alphabetical order: a recogniser's dictionary must have them all.
    package static func words(of script: RulesScript) -> [String] {
        JSGFWords.all(in: make(from: script)).sorted()
    }

    private static let request = "request"

    private static func slot(_ name: String) -> String { "slot_\(name)" }
    private static func part(_ name: String) -> String { "part_\(name)" }

    private static func rule(_ name: String, _ pattern: Pattern?) -> String {
        "<\(name)> = \(pattern.map { text($0, part: part) } ?? "<VOID>");"
    }

    /// A pattern in the notation of the grammar, with names of rules for parts.
    static func text(_ pattern: Pattern, part: (String) -> String = part) -> String {
        switch pattern {
        case .word(let word): word
        case .slot(let name): "<\(slot(name))>"
        case .part(let name): "<\(part(name))>"
        case .sequence(let patterns): sequence(patterns, part: part)
        case .choice(let patterns): "(\(patterns.map { text($0, part: part) }.joined(separator: " | ")))"
        case .optional(let pattern): "[\(text(pattern, part: part))]"
        }
    }

    // Callers say 'I'd' where the phrase has 'I would'.
    private static func sequence(_ patterns: [Pattern], part: (String) -> String) -> String {
        var texts: [String] = []
        var rest = patterns[...]
        while let first = rest.popFirst() {
            if case .word(let one) = first, case .word(let two) = rest.first,
                let short = Contractions.short(one, two)
            {
                texts.append("(\(one) \(two) | \(short))")
                rest.removeFirst()
            } else {
                texts.append(text(first, part: part))
            }
        }
        return texts.joined(separator: " ")
    }
}
