// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct ToolsTests {
    @Test func answersWithWhatTheToolSays() throws {
        let agent = try ToolAgent([SlowTool("weather", takes: .milliseconds(300))]) { request in
            request.hasResults
                ? .saying("It says: \(request.messages.last?.text ?? "").")
                : .calling("Let me see. ", [("weather", #"{"city":"Oslo"}"#)])
        }
        agent.say("how is the weather", turn: 1)
        agent.harness.advance(by: .seconds(8))
        #expect(agent.asked.map(\.tools.count) == [1, 1])
        #expect(
            agent.asked.last?.messages == [
                Message(.user, "how is the weather"),
                Message(
                    .assistant, "Let me see.",
                    toolCalls: [ToolCall(id: "c0", name: "weather", arguments: #"{"city":"Oslo"}"#)]),
                Message(.tool, "weather is done", toolCallID: "c0"),
            ])
        #expect(agent.heard == ["Let me see. It says: weather is done."])
        #expect(agent.messages.map(\.text) == ["how is the weather", "", "weather is done", agent.heard[0]])
        #expect(agent.harness.end()?.abandoned == [])
    }

    @Test func runsCallsBesideEachOtherAndJoinsThem() throws {
        let fast = SlowTool("fast", takes: .milliseconds(100))
        let slow = SlowTool("slow", takes: .milliseconds(900))
        let agent = try ToolAgent([fast, slow]) { request in
            request.hasResults ? .saying("Done.") : .calling([("slow", "{}"), ("fast", "{}")])
        }
        agent.say("both", turn: 1)
        agent.harness.advance(by: .milliseconds(1050))
        #expect(fast.begun.map(\.time) == slow.begun.map(\.time))
        #expect(agent.answered.map(\.call.name) == ["fast", "slow"])
        #expect(agent.asked.count == 2)
        #expect(agent.asked.last?.messages.suffix(2).map(\.text) == ["slow is done", "fast is done"])
        #expect(agent.harness.end() != nil)
    }

    @Test(arguments: [
        ("weather", "{", "The arguments are not valid JSON; write one JSON object."),
        ("weather", "[]", "The arguments must be one JSON object."),
        ("weather", #"{"city":1}"#, "arguments.city: expected string, found integer."),
        ("weather", #"{"town":"x"}"#, "arguments.town: is unknown."),
        ("weather", #"{"city":"a","city":"b"}"#, "An argument is there twice; name each once."),
        ("wether", "{}", "There is no tool of this name; there are: weather."),
    ])
    func tellsTheModelWhatIsWrongWithACall(name: String, arguments: String, problem: String) throws {
        let tool = SlowTool("weather", takes: .zero)
        let agent = try ToolAgent([tool]) { request in
            request.hasResults ? .saying("Sorry.") : .calling([(name, arguments)])
        }
        agent.say("weather", turn: 1)
        agent.harness.advance(by: .seconds(4))
        #expect(agent.answered.map(\.outcome) == [.failed])
        #expect(agent.answered.map(\.content) == [problem])
        #expect(tool.begun.isEmpty)
        #expect(agent.heard == ["Sorry."])
        #expect(agent.harness.end() != nil)
    }

    @Test func runsCallsThatMeanTheSameOnce() throws {
        let tool = SlowTool("book", takes: .milliseconds(200), ToolPolicy(effect: .write))
        let agent = try ToolAgent([tool]) { request in
            let rounds = request.messages.count { !$0.toolCalls.isEmpty }
            return rounds < 2
                ? .calling([("book", #"{"city": "Oslo"}"#), ("book", #"{"city":"Oslo"}"#)]) : .saying("Booked.")
        }
        agent.say("book it", turn: 1)
        agent.harness.advance(by: .seconds(4))
        #expect(tool.begun.count == 1)
        #expect(agent.answered.map(\.content) == Array(repeating: "book is done", count: 4))
        #expect(agent.resultsOfCalls == [1, 1, 1, 1])
        #expect(agent.harness.end() != nil)
    }

    @Test func looksUpAgainWhatFailed() throws {
        let tool = SlowTool("weather", takes: .zero, failure: "no connection")
        let agent = try ToolAgent([tool]) { request in
            request.messages.count { !$0.toolCalls.isEmpty } < 2 ? .calling([("weather", "{}")]) : .saying("Sorry.")
        }
        agent.say("weather", turn: 1)
        agent.harness.advance(by: .seconds(4))
        #expect(tool.begun.count == 2)
        #expect(Set(tool.begun.map(\.key)).count == 1)
        #expect(agent.answered.map(\.content) == ["Failed: no connection", "Failed: no connection"])
        #expect(agent.harness.end() != nil)
    }

    @Test func aCallThatTakesTooLongFails() throws {
        let tool = SlowTool("weather", takes: .seconds(60), ToolPolicy(deadline: .seconds(2)))
        let agent = try ToolAgent([tool]) { request in
            request.hasResults ? .saying("Sorry.") : .calling([("weather", "{}")])
        }
        agent.say("weather", turn: 1)
        agent.harness.advance(by: .seconds(6))
        #expect(agent.answered.map(\.content) == ["No answer within 2s."])
        #expect(tool.finished.isEmpty)
        #expect(agent.heard == ["Sorry."])
        #expect(agent.harness.end()?.abandoned == [])
    }

    @Test func saysThatItTakesAWhile() throws {
        let agent = try ToolAgent([SlowTool("weather", takes: .seconds(4))]) {
            $0.filler = ["One moment, please."]
            $0.fillerAfter = .seconds(1)
        } model: { request in
            request.hasResults ? .saying("It is sunny.") : .calling([("weather", "{}")])
        }
        agent.say("weather", turn: 1)
        agent.harness.advance(by: .seconds(10))
        #expect(agent.heard == ["One moment, please. It is sunny."])
        #expect(agent.asked.last?.messages[1].text == "One moment, please.")
        #expect(agent.harness.end() != nil)
    }

    @Test func callsAreBounded() throws {
        let tool = SlowTool("weather", takes: .zero)
        let agent = try ToolAgent([tool]) {
            $0.maxRounds = 3
        } model: { _ in
            .calling("Again. ", (0..<20).map { _ in ("weather", "{}") })
        }
        agent.say("weather", turn: 1)
        agent.harness.advance(by: .seconds(20))
        #expect(agent.asked.map(\.tools.count) == [1, 1, 1, 0])
        #expect(agent.resultsOfCalls == Array(repeating: 1, count: 3 * ModelResponse.maxCalls))
        #expect(agent.heard == ["Again. Again. Again. Again."])
        #expect(agent.harness.end() != nil)
    }

    /// A response that begins and then hangs, as a server does that has died, is not waited for for ever.
    @Test func aModelThatDoesNotGoOnEndsTheReply() throws {
        let agent = try ToolAgent([SlowTool("weather", takes: .milliseconds(100))]) {
            $0.replyTimeout = .seconds(2)
        } model: { request in
            if request.turn == TurnID(2) { return .saying("Hello again.") }
            return request.hasResults
                ? .saying("Too late.", after: .seconds(600)) : .calling("Let me see. ", [("weather", "{}")])
        }
        agent.say("weather", turn: 1)
        agent.harness.advance(by: .milliseconds(2100))
        #expect(agent.heard == [])
        agent.harness.advance(by: .seconds(2))
        #expect(agent.heard == ["Let me see."])
        agent.interrupt()
        agent.say("hello", turn: 2)
        agent.harness.advance(by: .seconds(5))
        #expect(agent.heard == ["Let me see.", "Hello again."])
        let report = agent.harness.end()
        #expect(report?.abandoned == [])
        #expect(report?.processors.first { $0.id == "tools" }?.framesDropped["no_reply"] == 1)
    }

    @Test func nothingIsWaitedForAfterAnInterruption() throws {
        let agent = try ToolAgent([SlowTool("weather", takes: .milliseconds(100))]) {
            $0.replyTimeout = .seconds(600)
        } model: { request in
            request.hasResults ? .saying("Too late.", after: .seconds(600)) : .calling([("weather", "{}")])
        }
        agent.say("weather", turn: 1)
        agent.harness.advance(by: .seconds(1))
        agent.interrupt()
        let end = agent.harness.now
        #expect(agent.harness.end()?.abandoned == [])
        #expect(agent.harness.now - end < .seconds(1))
    }

    // MARK: The end of the call

    @Test(arguments: ["Goodbye, then. ", ""])
    func endsTheCallWhenTheGoodbyeWasHeard(words: String) throws {
        let agent = try ToolAgent([EndCall(.template)]) { _ in .calling(words, [("end_call", "{}")]) }
        agent.say("bye", turn: 1)
        agent.harness.advance(by: .seconds(6))
        #expect(agent.heard == [words.isEmpty ? "Goodbye." : "Goodbye, then."])
        #expect(agent.harness.events.report?.reason.name == "agent_ended")
        #expect(agent.harness.events.report?.abandoned == [])
    }

    @Test func aCallerWhoBreaksInHasNotEndedTheCall() throws {
        let agent = try ToolAgent([EndCall(.template)]) { request in
            request.turn == TurnID(1) ? .calling("Goodbye, then. ", [("end_call", "{}")]) : .saying("Of course.")
        }
        agent.say("bye", turn: 1)
        agent.harness.advance(by: .milliseconds(500))
        agent.interrupt()
        agent.say("one more thing", turn: 2)
        agent.harness.advance(by: .seconds(10))
        #expect(agent.answered.map(\.outcome) == [.cancelled])
        #expect(agent.harness.events.report == nil)
        #expect(agent.heard.last == "Of course.")
        #expect(agent.harness.end() != nil)
    }

    @Test func handsOverWithWhatThePersonShouldKnow() throws {
        let agent = try ToolAgent([TransferCall(.template)]) { _ in
            .calling("I will put you through. ", [("transfer_call", #"{"summary":"wants a refund"}"#)])
        }
        agent.say("a person please", turn: 1)
        agent.harness.advance(by: .seconds(6))
        #expect(agent.output.frames.compactMap { $0[HandOff.self]?.data } == ["wants a refund"])
        #expect(agent.harness.events.report?.reason.name == "agent_ended")
    }

    @Test func pressesKeysInTheirPlace() throws {
        let agent = try ToolAgent([SendDTMF(NoParameters())]) { request in
            request.hasResults ? .saying("Done.") : .calling("Extension. ", [("send_dtmf", #"{"keys":"12w#"}"#)])
        }
        agent.say("dial", turn: 1)
        agent.harness.advance(by: .seconds(6))
        let frames = agent.output.frames.map(\.frameType).filter { $0 == "spoken_words" || $0 == "keys_to_press" }
        #expect(frames == ["spoken_words", "keys_to_press", "spoken_words"])
        #expect(agent.harness.end() != nil)
    }
}
