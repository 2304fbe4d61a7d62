// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct UserContextToolsTests {
    private let box = Box<(conversation: Conversation, tools: ToolBox)>()
    private let requests = FrameLog()
    private let definition = ToolDefinition(name: "weather", description: "", arguments: ["type": "object"])
    private let call = ToolCall(id: "a", name: "weather", arguments: "{}")

    private func harness() throws -> PipelineHarness {
        var parameters = UserContext.Parameters.template
        parameters.greet = false
        let (box, requests, fixed) = (box, requests, parameters)
        var builder = PipelineBuilder("tools")
        builder.add(Caller(NoParameters()))
        builder.add(UserContext(fixed))
        builder.add(Tap(requests))
        builder.add(Mirror(box))
        let harness = try PipelineHarness(builder.build())
        box.value?.tools.definitions = [definition]
        return harness
    }

    private func open(_ calls: [ToolCall], _ turn: Int) -> [ToolCall] {
        box.value?.conversation.open(calls, in: TurnID(turn), planned: "") ?? []
    }

    private func asked() -> [ModelRequest] { requests.take().compactMap { $0[ModelRequest.self] } }

    private func result(_ call: ToolCall, turn: Int = 1) -> ToolResult {
        ToolResult(call, turn: TurnID(turn), .done, content: "3 C")
    }

    @Test func asksAgainWhenAllCallsHaveEnded() throws {
        let harness = try harness()
        harness.send(TurnEnded(turn: TurnID(1), text: "how is the weather"))
        #expect(asked().map(\.tools) == [[definition]])
        let calls = open([call, call], 1)
        harness.send(result(calls[1]))
        #expect(asked().isEmpty)
        harness.send(result(calls[0]))
        harness.send(result(calls[0]))
        let again = asked()
        #expect(again.map(\.turn) == [TurnID(1)])
        #expect(again.first?.messages.map(\.role) == [.user, .assistant, .tool, .tool])
        #expect(harness.end() != nil)
    }

    @Test func tellsTheResultsOfATurnThatIsOverAtTheNext() throws {
        let harness = try harness()
        harness.send(TurnEnded(turn: TurnID(1), text: "how is the weather"))
        let calls = open([call], 1)
        harness.send(TurnStarted(turn: TurnID(2)))
        _ = asked()
        harness.send(result(calls[0]))
        #expect(asked().isEmpty)
        harness.send(TurnEnded(turn: TurnID(2), text: "okay"))
        #expect(asked().first?.messages.map(\.text) == ["how is the weather", "", "3 C", "okay"])
        #expect(harness.end() != nil)
    }

    @Test func offersNoToolsAfterEnoughRounds() throws {
        let harness = try harness()
        box.value?.tools.maxRounds = 2
        harness.send(TurnEnded(turn: TurnID(1), text: "how is the weather"))
        for _ in 0..<2 { harness.send(result(open([call], 1)[0])) }
        #expect(asked().map(\.tools.count) == [1, 1, 0])
        harness.send(TurnEnded(turn: TurnID(2), text: "and tomorrow"))
        #expect(asked().map(\.tools.count) == [1])
        #expect(harness.end() != nil)
    }
}

/// Sends results back, as if it had run the tools.
private struct Mirror: Processor {
    static let name = "mirror"
    static let summary = "Sends results back, as if it had run the tools."

    private let box: Box<(conversation: Conversation, tools: ToolBox)>?

    init(_ parameters: NoParameters) { box = nil }
    init(_ box: Box<(conversation: Conversation, tools: ToolBox)>) { self.box = box }

    mutating func start(_ context: inout ProcessorContext) {
        box?.value = (context.shared { Conversation() }, context.shared { ToolBox() })
    }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if frame[ToolResult.self] != nil { context.emitUpstream(frame) } else { context.emit(frame) }
    }
}
