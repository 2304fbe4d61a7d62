// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// What a rule-based agent understands and says, as a rules file describes it.
package struct RulesScript: ParameterGroup {
    var greeting: Statement
    var openers = ["um", "uh", "well", "okay", "hello", "hi", "so"].map { Phrase($0) }
    var closers = ["please", "thanks", "thank you"].map { Phrase($0) }
    var agree = [
        "(yes | yeah) [please | it is | i do | that is right | of course]", "that is (right | correct)", "correct",
        "sure", "okay", "of course",
    ].map { Phrase($0) }
    var decline = [
        "(no | nope) [thank you | thanks | it is not | i do not | that is wrong]", "that is (wrong | not right)",
        "not really",
    ].map { Phrase($0) }
    var corrections = [
        "(no | sorry | actually | wait) [i said | i meant | make it | change it to]",
        "i said | i meant | make (it | that) | change (it | that) to | how about | what about",
    ].map { Phrase($0) }
    var again = [
        "[can you | could you] (repeat that | say that again)", "[sorry] what did you say", "pardon [me]",
    ].map { Phrase($0) }
    var cancel = Cancellation()
    var parts: NamedValues<Phrase> = [:]
    var slots: NamedValues<Slot> = [:]
    var intents: NamedValues<Intent>
    var questions: NamedValues<Question> = [:]
    var noMatch = Fallback(say: ReplyChoices("Sorry, I did not catch that.", "Sorry, could you say that again?"))
    var noInput = Fallback(say: ReplyChoices("Are you still there?"))

    package static let template = Self(
        greeting: .template,
        intents: ["hours": Intent(phrases: [Phrase("when are you open")], reply: Intent.template.reply)])
    package static let schema = ParameterSchema<Self>(
        .required("greeting", \.greeting, "What the agent says first."),
        .optional("openers", \.openers, "What may precede any request."),
        .optional("closers", \.closers, "What may follow any request."),
        .optional("agree", \.agree, "How callers say yes."),
        .optional("decline", \.decline, "How callers say no."),
        .optional("corrections", \.corrections, "What callers say before a value that replaces another."),
        .optional("repeat", \.again, "How callers ask to hear the last reply again."),
        .optional("cancel", \.cancel, "How callers give up what they are about."),
        .optional("parts", \.parts, "Phrases for use in other phrases, by name."),
        .optional("slots", \.slots, "Values that callers name."),
        .required("intents", \.intents, "What callers want; where several fit, the first is taken."),
        .optional("questions", \.questions, "Questions to be answered with yes or no."),
        .optional("no_match", \.noMatch, "What is said to words that fit nothing."),
        .optional("no_input", \.noInput, "What is said when the caller is silent."))
}
