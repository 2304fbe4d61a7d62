// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct PastCallTests {
    private let turn = TurnID(1)
    private let weather = ToolCall(id: "a", name: "weather", arguments: "{}")
    private let time = ToolCall(id: "b", name: "time", arguments: "{}")

    private func user(_ turn: Int) -> Conversation.Key { .init(turn: TurnID(turn), role: .user) }
    private func agent(_ turn: Int) -> Conversation.Key { .init(turn: TurnID(turn), role: .assistant) }

    private func result(_ call: ToolCall, _ content: String) -> ToolResult {
        ToolResult(call, turn: turn, .done, content: content)
    }

    @Test func tellsTheTurnInHandAsPlannedAndThePastAsHeard() {
        let conversation = Conversation()
        conversation.put(user(1), text: "how is the weather")
        let calls = conversation.open([weather], in: turn, planned: "Let me look that up. ")
        conversation.put(agent(1), text: "Let me", planned: "Let me look that up.", isInterrupted: true)
        #expect(conversation.close(result(calls[0], "3 C")))
        let asked = Message(.user, "how is the weather")
        let answered = Message(.tool, "3 C", toolCallID: "a")
        #expect(
            conversation.messages(answering: turn) == [
                asked, Message(.assistant, "Let me look that up.", toolCalls: [weather]), answered,
            ])
        conversation.put(user(2), text: "never mind")
        #expect(
            conversation.messages(answering: TurnID(2)) == [
                asked, Message(.assistant, "", toolCalls: [weather]), answered, Message(.assistant, "Let me"),
                Message(.user, "never mind"),
            ])
    }

    @Test func endsEachCallOnce() {
        let conversation = Conversation()
        let calls = conversation.open([weather, time], in: turn, planned: "")
        #expect(!conversation.isAnswered(roundOf: calls[0]))
        #expect(conversation.close(result(calls[0], "first")))
        #expect(!conversation.close(result(calls[0], "second")))
        #expect(!conversation.close(result(ToolCall(id: "unknown", name: "x", arguments: ""), "")))
        #expect(conversation.entries[0].calls[0].result?.content == "first")
        #expect(conversation.close(result(calls[1], "noon")))
        #expect(conversation.isAnswered(roundOf: calls[0]))
    }

    @Test func givesCallsIdsOfTheirOwn() {
        let conversation = Conversation()
        let unnamed = ToolCall(id: "", name: "weather", arguments: "{}")
        let first = conversation.open([weather, weather, unnamed], in: turn, planned: "")
        let second = conversation.open([weather], in: TurnID(2), planned: "")
        let ids = (first + second).map(\.id)
        #expect(ids[0] == "a")
        #expect(Set(ids).count == 4)
        #expect(ids.allSatisfy { !$0.isEmpty })
    }

    @Test func keepsTheTurnInHandWhateverItsLength() {
        let conversation = Conversation()
        conversation.capacity = 2
        conversation.put(user(1), text: "one")
        conversation.put(agent(1), text: "yes")
        conversation.put(user(2), text: "two")
        let calls = conversation.open([weather, time], in: TurnID(2), planned: "")
        #expect(conversation.messages().map(\.role) == [.user, .assistant, .tool, .tool])
        #expect(conversation.close(result(calls[0], "")))
        conversation.put(user(3), text: "three")
        #expect(conversation.messages() == [Message(.user, "three")])
    }

    /// Whatever happens in whatever order, every call is followed by exactly its results.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func rendersValidPairsAlways(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let conversation = Conversation()
        conversation.capacity = Int.random(in: 2...12, using: &random)
        var open: [ToolCall] = []
        for _ in 0..<60 {
            let turn = Int.random(in: 0...6, using: &random)
            switch Int.random(in: 0...4, using: &random) {
            case 0: conversation.put(user(turn), text: "words \(turn)")
            case 1: conversation.put(agent(turn), text: "heard \(turn)")
            case 2: conversation.remove(user(turn))
            case 3:
                let calls = Array(repeating: weather, count: Int.random(in: 1...3, using: &random))
                open += conversation.open(calls, in: TurnID(turn), planned: "one moment")
            default:
                if let call = open.randomElement(using: &random) { _ = conversation.close(result(call, "done")) }
            }
            for answering in [nil, TurnID(turn)] { Self.expectPairs(conversation.messages(answering: answering)) }
        }
    }

    private static func expectPairs(_ messages: [Message]) {
        var owed: [String] = []
        var seen: Set<String> = []
        for message in messages {
            if message.role == .tool {
                #expect(message.toolCallID == owed.first)
                if !owed.isEmpty { owed.removeFirst() }
            } else {
                #expect(owed.isEmpty)
                owed = message.toolCalls.map(\.id)
                #expect(seen.isDisjoint(with: owed))
                seen.formUnion(owed)
            }
        }
        #expect(owed.isEmpty)
    }
}
