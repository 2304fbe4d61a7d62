// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A question to be answered with yes or no, and where either leads.
struct Question: ParameterGroup {
    var ask: ReplyChoices
    var ifYes: Reference
    var ifNo: Reference

    static let template = Self(
        ask: ReplyChoices("Is there anything else?"), ifYes: Reference(name: "more"),
        ifNo: Reference(name: "goodbye"))
    static let schema = ParameterSchema<Self>(
        .required("ask", \.ask, "The question; several texts are used in turn."),
        .required("if_yes", \.ifYes, "The intent after a yes."),
        .required("if_no", \.ifNo, "The intent after a no."))
}

/// What the agent says by itself.
struct Statement: ParameterGroup {
    var say: ReplyChoices
    var isInterruptible = true

    static let template = Self(say: ReplyChoices("Hello. How can I help?"))
    static let schema = ParameterSchema<Self>(
        .required("say", \.say, "The text."),
        .optional("interruptible", \.isInterruptible, "Whether the caller can break in."))
}

/// What the agent says when it has not understood, or when nothing was said.
struct Fallback: ParameterGroup {
    var say: ReplyChoices
    var attempts = 3
    var then: Reference?

    static let template = Self(say: ReplyChoices("Sorry, I did not catch that."))
    static let schema = ParameterSchema<Self>(
        .required("say", \.say, "The text; an open question is asked again behind it."),
        .optional("attempts", \.attempts, in: 1...20, "How often in a row it is said before 'then' comes instead."),
        .optional("then", \.then, "The intent that follows when all attempts were in vain; none: go on asking."))
}

/// How callers give up what they are about, and what follows.
struct Cancellation: ParameterGroup {
    var phrases = ["[no] (cancel | forget | scratch) (that | it)", "[no] never mind"].map { Phrase($0) }
    var say = ReplyChoices("All right, I have cancelled that.")
    var then: Reference?

    static let template = Self()
    static let schema = ParameterSchema<Self>(
        .optional("phrases", \.phrases, "How callers say it."),
        .optional("say", \.say, "The answer."),
        .optional("then", \.then, "The question that follows."))
}
