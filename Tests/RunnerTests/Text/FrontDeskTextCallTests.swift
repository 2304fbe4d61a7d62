// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Processors
import Testing
import Transports

/// The front desk that the repository ships, called by a transport that brings and takes text.
@Suite struct FrontDeskTextCallTests {
    private static let path = String(#filePath.split(separator: "/Tests/")[0]) + "/pipelines/front_desk.yaml"

    private func plan() throws -> CompiledPlan {
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addBuiltinTransports()
        var diagnostics = Diagnostics()
        let pipeline = Pipeline.load(path: Self.path, registry: registry, into: &diagnostics)
        return try #require(pipeline).plan(for: CallFormats(input: nil, output: nil))
    }

    private func call() throws -> TextCallHarness {
        let call = try TextCallHarness(try plan())
        // The rules are read on the worker pool, whose answer no virtual time awaits.
        while call.replies.last?.isComplete != true { call.harness.advance(by: .milliseconds(1)) }
        return call
    }

    @Test func onlyWhatWorksOnTextIsLeft() throws {
        let plan = try plan().plan
        #expect(
            plan.nodes.map(\.name) == [
                "caller", "turn", "user_context", "rules_llm", "text_speaker", "assistant_context",
            ])
        #expect(plan.leftOut == ["silero_vad", "pocketsphinx_stt", "sentences", "flite_tts", "recorder"])
    }

    @Test func anAppointmentIsBookedAsOnThePhone() throws {
        let call = try call()
        for words in [
            "can i have a haircut please", "i would like a haircut on friday", "at three", "yes",
            "no thank you goodbye",
        ] {
            call.report(.finished)
            call.say(words)
            call.harness.advance(by: .milliseconds(20))
        }
        call.harness.advance(by: .seconds(10))
        #expect(call.replies.map(\.isComplete) == [Bool](repeating: true, count: call.replies.count))
        #expect(call.replies.first?.text == "Riverside Hair Studio, good morning. How can I help you?")
        #expect(call.replies.last?.text == "Thank you for calling. Goodbye.")
        #expect(call.replies.contains { $0.text.contains("I have booked a haircut on Friday at three") })
        #expect(call.heard == call.replies.map(\.text))
        #expect(call.harness.events.report?.reason.name == "agent_ended")
    }

    @Test func tokensComeOneByOne() throws {
        let reply = try #require(try call().replies.first)
        #expect(reply.tokens.count == 10)
        #expect(reply.tokens.prefix(3) == ["Riverside", " Hair", " Studio,"])
    }

    @Test func anInterruptionCutsTheConversationAtTheReportedWords() throws {
        let call = try call()
        call.harness.advance(by: .seconds(1))
        call.interrupt(heard: "Riverside Hair Studio")
        call.say("where are you")
        call.harness.advance(by: .seconds(20))
        #expect(call.heard.first == "Riverside Hair Studio")
        #expect(call.heard.last?.hasPrefix("We are at 12 Mill Street") == true)
        let spoke = call.harness.events.all.compactMap { entry -> String? in
            if case .spoke(_, _, let planned, true) = entry.event { planned } else { nil }
        }
        #expect(spoke == ["Riverside Hair Studio, good morning. How can I help you?"])
    }

    @Test func wordsSaidWhileTheAgentThinksAreAnsweredTogether() throws {
        let call = try call()
        call.report(.finished)
        call.saySoFar("i would like a hair")
        call.harness.advance(by: .milliseconds(300))
        call.say("i would like a haircut")
        call.harness.advance(by: .milliseconds(20))
        #expect(call.replies.count == 2)
        #expect(call.replies.last?.text.contains("day") == true)
    }

    @Test func silenceEndsAnIdleCallAndPromptsKeepItAlive() throws {
        let call = try call()
        for _ in 0..<3 {
            call.harness.advance(by: .seconds(25))
            call.say("when are you open")
        }
        #expect(call.harness.events.report == nil)
        call.harness.advance(by: .seconds(50))
        #expect(call.harness.events.report?.reason.name == "idle")
    }
}
