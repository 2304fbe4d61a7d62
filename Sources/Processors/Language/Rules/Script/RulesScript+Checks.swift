// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension RulesScript {
    /// Reports names that stand for nothing, and slots that a reply cannot know.
    func check(into diagnostics: inout Diagnostics) {
        var checker = RulesChecker(script: self)
        checker.checkNames()
        checker.checkPhrases()
        checker.checkReferences()
        checker.checkTemplates()
        diagnostics.merge(checker.diagnostics)
    }
}

/// Checks what one part of a rules file says of another.
private struct RulesChecker {
    let script: RulesScript
    var diagnostics = Diagnostics()

    /// Names become rules of a grammar, and stand in braces.
    mutating func checkNames() {
        let slots = script.slots.entries.map { ($0.name, $0.mark) }
        let intents = script.intents.entries.map { ($0.name, $0.mark) }
        let parts = script.parts.entries.map { ($0.name, $0.mark) }
        for (name, mark) in slots + intents + parts where !Self.isSnakeCase(name) {
            diagnostics.error("\(name.shown) is not a snake_case name; write small letters, digits and '_'", at: mark)
        }
        for intent in script.intents.entries {
            for asked in intent.value.ask.entries {
                expect(asked.name, among: script.slots.names, "slot", asked.mark, "intents.\(intent.name).ask")
            }
        }
    }

    private static func isSnakeCase(_ name: String) -> Bool {
        name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    mutating func checkPhrases() {
        let requests = script.intents.entries.flatMap { entry in entry.value.phrases.map { (entry.name, $0) } }
        for (intent, phrase) in requests { check(phrase, "intents.\(intent).phrases", slots: script.slots.names) }
        for part in script.parts.entries { check(part.value, "parts.\(part.name)", slots: [], parts: []) }
        for slot in script.slots.entries {
            let path = "slots.\(slot.name)"
            for phrase in slot.value.values.entries.flatMap(\.value) { check(phrase, path, slots: [], parts: []) }
            for phrase in slot.value.called { check(phrase, "\(path).called", slots: []) }
            for phrase in slot.value.answers {
                check(phrase, "\(path).answers", slots: [slot.name])
                guard phrase.pattern.certainSlots.isEmpty else { continue }
                diagnostics.error("an answer must hold {\(slot.name)}", at: phrase.mark, path: "\(path).answers")
            }
        }
        for phrase in script.ownPhrases { check(phrase, "", slots: []) }
        reportRepeated(requests)
    }

    private mutating func reportRepeated(_ requests: [(intent: String, phrase: Phrase)]) {
        var known: [Pattern: String] = [:]
        for (intent, phrase) in requests {
            if let first = known[phrase.pattern], first != intent {
                let message = "'\(first)' has the same phrase and stands first; remove one"
                diagnostics.warning(message, at: phrase.mark, path: "intents.\(intent).phrases")
            }
            known[phrase.pattern] = known[phrase.pattern] ?? intent
        }
    }

    private mutating func check(_ phrase: Phrase, _ path: String, slots: [String], parts: [String]? = nil) {
        for name in phrase.pattern.slots { expect(name, among: slots, "slot", phrase.mark, path) }
        for name in phrase.pattern.parts {
            expect(name, among: parts ?? script.parts.names, "part", phrase.mark, path)
        }
    }

    mutating func checkReferences() {
        let (intents, questions) = (script.intents.names, script.questions.names)
        for intent in script.intents.entries {
            expect(intent.value.then, among: questions, "question", "intents.\(intent.name).then")
        }
        for question in script.questions.entries {
            expect(question.value.ifYes, among: intents, "intent", "questions.\(question.name).if_yes")
            expect(question.value.ifNo, among: intents, "intent", "questions.\(question.name).if_no")
        }
        expect(script.cancel.then, among: questions, "question", "cancel.then")
        expect(script.noMatch.then, among: intents, "intent", "no_match.then")
        expect(script.noInput.then, among: intents, "intent", "no_input.then")
    }

    mutating func checkTemplates() {
        let unasked = script.referencedIntents
        for entry in script.intents.entries {
            let (path, intent) = ("intents.\(entry.name)", entry.value)
            var known = unasked.contains(entry.name) ? [] : intent.knownSlots.subtracting(intent.ask.names)
            for question in intent.ask.entries {
                check(question.value, "\(path).ask.\(question.name)", known: known)
                known.insert(question.name)
            }
            for (key, choices) in [("confirm", intent.confirm), ("change", intent.change), ("reply", intent.reply)] {
                if let choices { check(choices, "\(path).\(key)", known: known) }
            }
        }
        for slot in script.slots.entries { check(slot.value.refuse, "slots.\(slot.name).refuse", known: [slot.name]) }
        for question in script.questions.entries {
            check(question.value.ask, "questions.\(question.name).ask", known: [])
        }
        check(script.greeting.say, "greeting.say", known: [])
        check(script.cancel.say, "cancel.say", known: [])
        check(script.noMatch.say, "no_match.say", known: [])
        check(script.noInput.say, "no_input.say", known: [])
    }

    private mutating func check(_ choices: ReplyChoices, _ path: String, known: Set<String>) {
        for template in choices.templates {
            for name in template.slots where !known.contains(name) {
                let remedy = known.isEmpty ? "" : "; known are \(known.sorted().listed())"
                diagnostics.error("{\(name)} is not known here\(remedy)", at: template.mark, path: path)
            }
        }
    }

    private mutating func expect(_ reference: Reference?, among names: [String], _ kind: String, _ path: String) {
        if let reference { expect(reference.name, among: names, kind, reference.mark, path) }
    }

    private mutating func expect(
        _ name: String, among names: [String], _ kind: String, _ mark: SourceMark, _ path: String
    ) {
        guard !names.contains(name) else { return }
        let nearest = Suggestion.remedy(for: name, among: names)
        let known = names.isEmpty ? "; there are none here" : "; known: \(names.prefix(8).listed())"
        diagnostics.error("no \(kind) \(name.shown)\(nearest.isEmpty ? known : nearest)", at: mark, path: path)
    }
}

extension RulesScript {
    /// Phrases that belong to no intent.
    var ownPhrases: [Phrase] {
        openers + closers + agree + decline + corrections + again + cancel.phrases
    }

    /// Intents that are reached without a phrase of theirs.
    var referencedIntents: Set<String> {
        let answers = questions.entries.flatMap { [$0.value.ifYes.name, $0.value.ifNo.name] }
        return Set(answers + [noMatch.then?.name, noInput.then?.name].compactMap(\.self))
    }
}
