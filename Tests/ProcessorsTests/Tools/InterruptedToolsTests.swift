// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// An interruption at every point of a call's life: from the request over the words before the call, the tool at work, the
/// filler and the second request to the words of the result.
@Suite struct InterruptedToolsTests {
    private static let policies = [
        ToolPolicy(effect: .read, onInterruption: .keep), ToolPolicy(effect: .read, onInterruption: .cancel),
        ToolPolicy(effect: .write),
    ]
    private static let moments = Array(stride(from: 0, through: 5000, by: 125))

    /// Two tools beside each other, of which the test's has `policy`; interrupted at `moment`, then another turn.
    private func interrupted(
        at moment: Int, _ tool: SlowTool
    ) throws -> (agent: ToolAgent, interruption: MediaTime) {
        let other = SlowTool("other", takes: .milliseconds(400))
        let agent = try ToolAgent([tool, other]) {
            $0.filler = ["One moment."]
            $0.fillerAfter = .milliseconds(700)
        } model: { request in
            if request.turn == TurnID(2) { return .saying("All right.") }
            return request.hasResults
                ? .saying("Here it is, as you asked.") : .calling("Let me see. ", [("mine", "{}"), ("other", "{}")])
        }
        agent.say("look it up", turn: 1)
        agent.harness.advance(by: .milliseconds(moment))
        let now = agent.harness.now
        agent.interrupt()
        agent.say("okay", turn: 2)
        agent.harness.advance(by: .seconds(20))
        return (agent, now)
    }

    @Test(arguments: moments, policies)
    func everyCallIsAnsweredOnce(moment: Int, policy: ToolPolicy) throws {
        let tool = SlowTool("mine", takes: .milliseconds(1500), policy)
        let (agent, interruption) = try interrupted(at: moment, tool)
        #expect(agent.resultsOfCalls.allSatisfy { $0 == 1 })
        #expect(agent.answered.count == agent.resultsOfCalls.count)
        #expect(tool.begun.count <= 1)
        if policy.effect == .write { #expect(tool.begun.allSatisfy { $0.time <= interruption }) }
        let outcome = agent.answered.first { $0.call.name == "mine" }?.outcome
        if let begin = tool.begun.first?.time {
            let isCut = policy.onInterruption == .cancel && begin + .milliseconds(1500) > interruption
            #expect(outcome == (isCut ? .cancelled : .done))
            #expect(tool.finished.count == (isCut ? 0 : 1))
        } else {
            #expect(outcome == nil || outcome == .cancelled)
        }
        #expect(agent.heard.last == "All right.")
        #expect(agent.asked.last?.turn == TurnID(2))
        #expect(agent.harness.end()?.abandoned == [])
    }

    @Test func aLookUpThatGoesOnIsKnownAtTheNextTurn() throws {
        let tool = SlowTool("mine", takes: .milliseconds(1500))
        let (agent, _) = try interrupted(at: 500, tool)
        #expect(agent.asked.last?.messages.map(\.role) == [.user, .assistant, .tool, .tool, .assistant, .user])
        // What was heard of the words before the calls stands behind them.
        #expect(agent.heard.first == "Let me")
        #expect(agent.asked.last?.messages[4] == Message(.assistant, "Let me"))
        #expect(agent.asked.last?.messages[2].text.hasPrefix("This call has not ended yet.") == true)
        agent.say("and now", turn: 3)
        agent.harness.advance(by: .seconds(5))
        #expect(agent.asked.last?.messages[2].text == "mine is done")
        #expect(agent.harness.end() != nil)
    }

    @Test func aWriteThatStillRunsIsNotBegunAgain() throws {
        let tool = SlowTool("mine", takes: .seconds(3), ToolPolicy(effect: .write))
        let agent = try ToolAgent([tool]) { request in
            request.hasResults ? .saying("Booked.") : .calling([("mine", "{}")])
        }
        agent.say("book it", turn: 1)
        agent.harness.advance(by: .seconds(1))
        agent.interrupt()
        agent.say("book it now", turn: 2)
        agent.harness.advance(by: .seconds(10))
        #expect(tool.begun.count == 1)
        #expect(agent.answered.map(\.content) == ["mine is done", "mine is done"])
        #expect(agent.heard == ["Booked."])
        #expect(agent.harness.end() != nil)
    }

    @Test(arguments: [EndReason.inputEnded, .hungUp, .cancelled, .shutdown], [200, 700, 1500, 4000])
    func aSessionThatEndsLeavesNothingBehind(reason: EndReason, moment: Int) throws {
        let loop = SessionLoop.virtual()
        // The harness holds its session, and so its processors: they are counted once it is gone.
        do {
            let tool = SlowTool("mine", takes: .milliseconds(1500), ToolPolicy(effect: .write))
            let agent = try ToolAgent([tool], on: loop) { request in
                request.hasResults ? .saying("Here it is.") : .calling("Let me see. ", [("mine", "{}")])
            }
            agent.say("look it up", turn: 1)
            agent.harness.advance(by: .milliseconds(moment))
            let report = agent.harness.end(reason)
            #expect(report?.abandoned == [])
            #expect(agent.answered.count <= 1)
        }
        #expect(LeakCheck.leftovers(on: loop) == [])
    }
}
