// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

@Suite struct ConversationTests {
    private func key(_ turn: Int, _ role: Message.Role, _ sequence: Int = 0) -> Conversation.Key {
        Conversation.Key(turn: TurnID(turn), role: role, sequence: sequence)
    }

    @Test func ordersByTurnAndNotByArrival() {
        let conversation = Conversation()
        conversation.systemPrompt = "Be brief."
        conversation.put(key(1, .assistant), text: "Hi.")
        conversation.put(key(2, .user), text: "bye")
        conversation.put(key(1, .user), text: "hello")
        conversation.put(key(0, .assistant), text: "Welcome.")
        conversation.put(key(1, .assistant, 1), text: "Are you there?")
        #expect(
            conversation.messages() == [
                Message(.system, "Be brief."), Message(.assistant, "Welcome."), Message(.user, "hello"),
                Message(.assistant, "Hi."), Message(.assistant, "Are you there?"), Message(.user, "bye"),
            ])
    }

    @Test func replacesAnEntryThatIsAddedAgain() {
        let conversation = Conversation()
        conversation.put(key(1, .assistant), text: "Your", planned: "Your table is booked.", isInterrupted: true)
        conversation.put(key(1, .assistant), text: "Your table", planned: "Your table is booked.", isInterrupted: true)
        #expect(conversation.messages() == [Message(.assistant, "Your table")])
        #expect(conversation.entries.first?.planned == "Your table is booked.")
        #expect(conversation.entries.first?.isInterrupted == true)
    }

    @Test func holdsNothingForNothing() {
        let conversation = Conversation()
        conversation.put(key(1, .user), text: "")
        conversation.put(key(2, .user), text: "hello")
        conversation.put(key(2, .user), text: "")
        #expect(conversation.messages().isEmpty)
    }

    @Test func forgetsTheOldestAndItsAnswer() {
        let conversation = Conversation()
        conversation.systemPrompt = "Be brief."
        conversation.capacity = 3
        for turn in 1...3 {
            conversation.put(key(turn, .user), text: "question \(turn)")
            conversation.put(key(turn, .assistant), text: "answer \(turn)")
        }
        #expect(
            conversation.messages() == [
                Message(.system, "Be brief."), Message(.user, "question 3"), Message(.assistant, "answer 3"),
            ])
    }
}
