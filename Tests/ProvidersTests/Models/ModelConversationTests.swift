// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Providers
import Testing

@Suite struct ModelConversationTests {
    private let call = ToolCall(id: "a", name: "look_up", arguments: "{}")
    private let other = ToolCall(id: "b", name: "book", arguments: "{}")

    private func messages(
        _ messages: [Message], turn: Int = 1, reason: TurnEnded.Reason = .completed
    ) -> [Message] {
        ModelConversation(ModelRequest(turn: TurnID(turn), messages: messages, reason: reason)).messages
    }

    @Test func setsInstructionsApart() {
        let conversation = ModelConversation(
            ModelRequest(
                turn: TurnID(1), messages: [Message(.system, "A"), Message(.user, "Hi"), Message(.system, "B")]))
        #expect(conversation.instructions == "A\n\nB")
        #expect(conversation.messages == [Message(.user, "Hi")])
    }

    @Test func answersEveryCallOnceAndBehindIt() {
        let given = [
            Message(.user, "Book it"), Message(.assistant, "", toolCalls: [call, other]),
            Message(.user, "Wait"), Message(.tool, "done", toolCallID: "b"), Message(.tool, "again", toolCallID: "b"),
            Message(.tool, "lost", toolCallID: "z"),
        ]
        #expect(
            messages(given) == [
                Message(.user, "Book it"), Message(.assistant, "", toolCalls: [call, other]),
                Message(.tool, "This call was cancelled before it had a result.", toolCallID: "a"),
                Message(.tool, "done", toolCallID: "b"), Message(.user, "Wait"),
            ])
    }

    @Test func leavesOutWhatSaysNothing() {
        let given = [Message(.user, ""), Message(.assistant, ""), Message(.user, "Hi")]
        #expect(messages(given) == [Message(.user, "Hi")])
    }

    @Test func asksForAGreeting() {
        #expect(messages([], turn: 0) == [Message(.user, "(The call begins. Greet the caller.)")])
    }

    @Test func tellsWhatTheCallerDidInsteadOfSpeaking() {
        let said = Message(.assistant, "Hello?")
        #expect(messages([said], reason: .silence).last?.text == "(The caller has said nothing for a while.)")
        #expect(
            messages([said], reason: .noWords).last?.text == "(The caller said something that could not be understood.)"
        )
    }

    @Test func addsNothingBehindAResult() {
        let given = [
            Message(.assistant, "", toolCalls: [call]), Message(.tool, "done", toolCallID: "a"),
        ]
        #expect(messages(given, reason: .silence) == given)
    }
}
