// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Something that callers want: how they say it, what must be known, and what the agent answers.
struct Intent: ParameterGroup {
    var phrases: [Phrase] = []
    var ask: NamedValues<ReplyChoices> = [:]
    var confirm: ReplyChoices?
    var change = ReplyChoices("What should I change?")
    var reply: ReplyChoices
    var then: Reference?
    var isInterruptible = true
    var endsCall = false

    static let template = Self(reply: ReplyChoices("We are open from nine to six."))
    static let schema = ParameterSchema<Self>(
        .optional("phrases", \.phrases, "How callers say it; none if only questions lead here."),
        .optional("ask", \.ask, "For each slot that must be known, the question for it, in the order of asking."),
        .optional("confirm", \.confirm, "Asked once all slots are known; only a yes leads to the reply."),
        .optional("change", \.change, "Asked when the caller does not confirm."),
        .required("reply", \.reply, "What the agent answers; several texts are used in turn."),
        .optional("then", \.then, "The question that follows the reply."),
        .optional("interruptible", \.isInterruptible, "Whether the caller can break into the reply."),
        .optional("end_call", \.endsCall, "Whether the call ends once the reply has been heard."))

    func validate(into issues: inout ParameterIssues) {
        if confirm != nil, ask.entries.isEmpty {
            issues.error("confirm", "there is nothing to confirm; list the slots under 'ask'")
        }
        if endsCall, then != nil { issues.error("then", "the call ends with the reply; remove 'then' or 'end_call'") }
    }

    /// Whether every way of saying it, and the questions before the reply, tell these slots.
    var knownSlots: Set<String> {
        let said = phrases.isEmpty ? [] : phrases.pattern.certainSlots
        return said.union(ask.names)
    }
}
