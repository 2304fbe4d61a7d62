// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A request whose slots are being filled.
struct DialogueTask: Sendable, Hashable {
    /// What the agent waits for.
    enum Step: Sendable, Hashable {
        /// The value of a slot.
        case slot(String)
        /// A yes to all values.
        case confirmation
        /// A word about what is wrong with them.
        case change
    }

    /// The intent's name.
    var intent: String
    /// The values so far.
    var values: [String: SlotValue] = [:]
    /// What the agent waits for.
    var step = Step.confirmation
}

/// Where a conversation stands; a value, so that a turn can be taken back.
struct DialogueState: Sendable, Hashable {
    /// The request in hand.
    var task: DialogueTask?
    /// The request that was done last, for late corrections.
    var finished: DialogueTask?
    /// The name of the question that was asked last and is open.
    var question: String?
    /// What was said last.
    var lastReply: RulesAgent.Reply?
    /// Utterances in a row that fitted nothing.
    var misses = 0
    /// Silences in a row.
    var silences = 0
    /// How often each text with several forms has been said.
    var uses: [ReplyChoices: Int] = [:]

    /// What the next utterance is expected to be.
    var expectation: Expectation {
        var expected = Expectation(intent: task?.intent ?? finished?.intent)
        switch task?.step {
        case .slot(let name): expected.slot = name
        case .confirmation, .change: expected.isYesNo = true
        case nil: expected.isYesNo = question != nil
        }
        return expected
    }
}
