// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Holds a conversation by the rules of a script, without clock and without chance.
///
/// A value: keep a copy to take a turn back. Asks for slots that are missing, confirms, lets values be corrected until
/// another request is made, answers questions in between and comes back to its own.
package struct RulesAgent: Sendable {
    private let script: RulesScript
    private let interpreter: Interpreter
    /// Where the conversation stands; setting it goes on with one that was interrupted.
    var state = DialogueState()

    /// Prepares a conversation.
    package init(_ script: RulesScript) {
        self.script = script
        interpreter = Interpreter(script)
    }

    /// What the agent says first.
    package mutating func greeting() -> Reply {
        var reply = Reply(text: text(script.greeting.say))
        reply.isInterruptible = script.greeting.isInterruptible
        return remembered(reply)
    }

    /// The answer to what the caller said; text that fits nothing, and empty text, are answered too.
    package mutating func respond(to text: String) -> Reply {
        guard let meaning = interpreter.meaning(of: text, expecting: state.expectation) else { return missed() }
        guard let reply = reply(to: meaning) else { return missed() }
        (state.misses, state.silences) = (0, 0)
        return remembered(reply)
    }

    /// What the agent says when the caller has said nothing for long.
    package mutating func respondToSilence() -> Reply {
        state.silences += 1
        return remembered(fallback(script.noInput, count: state.silences))
    }

    private mutating func missed() -> Reply {
        state.misses += 1
        return remembered(fallback(script.noMatch, count: state.misses))
    }

    private mutating func fallback(_ fallback: Fallback, count: Int) -> Reply {
        if count > fallback.attempts, let then = fallback.then, let reply = start(then.name, [:]) {
            (state.misses, state.silences) = (0, 0)
            return reply
        }
        let text = fallback.say.template(count - 1).filled(with: [:])
        return Reply(text: joined(text, openQuestion()), intent: state.task?.intent)
    }

    private mutating func remembered(_ reply: Reply) -> Reply {
        state.lastReply = reply
        return reply
    }
}

// What an utterance does to the conversation; nil if it makes no sense at this point.
extension RulesAgent {
    private mutating func reply(to meaning: Meaning) -> Reply? {
        switch meaning {
        case .intent(let name, let readings): request(name, readings)
        case .values(let intent, let readings): values(intent, readings)
        case .mention(let slot): change(slot)
        case .agree: agree()
        case .decline: decline()
        case .again: state.lastReply
        case .cancel: cancel()
        }
    }

    private mutating func request(_ name: String, _ readings: [String: SlotReading]) -> Reply? {
        guard let intent = script.intents[name] else { return nil }
        if let task = state.task, task.intent != name, intent.ask.entries.isEmpty, !intent.endsCall {
            // A question in between: answer it and come back.
            var reply = answer(name, intent, readings)
            reply.text = joined(reply.text, openQuestion())
            return reply
        }
        if state.task?.intent == name { return fill(readings) }
        return start(name, readings)
    }

    private mutating func values(_ intent: String, _ readings: [String: SlotReading]) -> Reply? {
        let known = [state.task, state.finished].compactMap(\.self).first { task in
            script.intents[task.intent].map { Set(readings.keys).isSubset(of: $0.ask.names) } ?? false
        }
        guard let known else { return start(intent, readings) }
        state.task = known
        return fill(readings)
    }

    private mutating func change(_ slot: String) -> Reply? {
        guard var task = state.task ?? state.finished, task.values[slot] != nil else { return nil }
        task.values[slot] = nil
        state.task = task
        return fill([:])
    }

    private mutating func agree() -> Reply? {
        if let task = state.task { return task.step == .confirmation ? finish(task) : nil }
        return follow(\.ifYes)
    }

    private mutating func decline() -> Reply? {
        guard var task = state.task else { return follow(\.ifNo) }
        switch task.step {
        case .slot: return nil
        // 'Change what?' - 'No, nothing.'
        case .change: return fill([:])
        case .confirmation:
            task.step = .change
            state.task = task
            return reply(of: task, openQuestion())
        }
    }

    private mutating func follow(_ way: KeyPath<Question, Reference>) -> Reply? {
        guard let question = state.question.flatMap({ script.questions[$0] }) else { return nil }
        return start(question[keyPath: way].name, [:])
    }

    private mutating func cancel() -> Reply? {
        let hadTask = state.task != nil
        state.task = nil
        state.finished = nil
        state.question = script.cancel.then?.name
        if hadTask || state.question == nil { return Reply(text: joined(text(script.cancel.say), openQuestion())) }
        return Reply(text: openQuestion())
    }
}

// Requests and their slots.
extension RulesAgent {
    private mutating func start(_ name: String, _ readings: [String: SlotReading]) -> Reply? {
        guard let intent = script.intents[name] else { return nil }
        state.question = nil
        if intent.ask.entries.isEmpty {
            state.task = nil
            let reply = answer(name, intent, readings)
            return following(reply, intent)
        }
        state.task = DialogueTask(intent: name)
        return fill(readings)
    }

    /// The answer of an intent that asks for nothing.
    private mutating func answer(_ name: String, _ intent: Intent, _ readings: [String: SlotReading]) -> Reply {
        if let refusal = refusal(readings) { return Reply(text: refusal, intent: name) }
        let values = readings.compactMapValues(\.value)
        var reply = Reply(text: text(intent.reply, values), intent: name, slots: values.mapValues(\.canonical))
        reply.isInterruptible = intent.isInterruptible
        reply.endsCall = intent.endsCall
        return reply
    }

    private mutating func fill(_ readings: [String: SlotReading]) -> Reply? {
        guard var task = state.task, let intent = script.intents[task.intent] else { return nil }
        for (name, reading) in readings { task.values[name] = reading.value ?? task.values[name] }
        let names = intent.ask.names
        let refused = names.first { readings[$0]?.isRefused == true }
        let missing = refused ?? names.first { task.values[$0] == nil }
        guard missing != nil || intent.confirm != nil else { return finish(task) }
        task.step = missing.map { .slot($0) } ?? .confirmation
        state.task = task
        return reply(of: task, joined(refusal(readings) ?? "", openQuestion()))
    }

    private mutating func finish(_ task: DialogueTask) -> Reply? {
        guard let intent = script.intents[task.intent] else { return nil }
        state.task = nil
        state.finished = task
        var reply = reply(of: task, text(intent.reply, task.values))
        reply.isInterruptible = intent.isInterruptible
        reply.endsCall = intent.endsCall
        return following(reply, intent)
    }

    private mutating func following(_ reply: Reply, _ intent: Intent) -> Reply {
        var reply = reply
        state.question = intent.then?.name
        reply.text = joined(reply.text, openQuestion())
        return reply
    }

    private mutating func refusal(_ readings: [String: SlotReading]) -> String? {
        for slot in script.slots.entries {
            guard case .refused(let value) = readings[slot.name] else { continue }
            return text(slot.value.refuse, [slot.name: value])
        }
        return nil
    }

    private func reply(of task: DialogueTask, _ text: String) -> Reply {
        Reply(text: text, intent: task.intent, slots: task.values.mapValues(\.canonical))
    }
}

// Texts.
extension RulesAgent {
    /// What the agent waits an answer for; empty if it is the caller's turn to ask.
    private mutating func openQuestion() -> String {
        guard let task = state.task else {
            return state.question.flatMap { script.questions[$0] }.map { text($0.ask) } ?? ""
        }
        guard let intent = script.intents[task.intent] else { return "" }
        switch task.step {
        case .slot(let name): return intent.ask[name].map { text($0, task.values) } ?? ""
        case .confirmation: return intent.confirm.map { text($0, task.values) } ?? ""
        case .change: return text(intent.change, task.values)
        }
    }

    private mutating func text(_ choices: ReplyChoices, _ values: [String: SlotValue] = [:]) -> String {
        let count = state.uses[choices, default: 0]
        if choices.templates.count > 1 { state.uses[choices] = count + 1 }
        return choices.template(count).filled(with: values)
    }

    private func joined(_ texts: String...) -> String { texts.filter { !$0.isEmpty }.joined(separator: " ") }
}
