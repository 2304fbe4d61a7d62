// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// The whole offline conversation, with the real engines, on a virtual clock: flite speaks both sides.
@Suite(.enabled(if: SpokenCommands.isModelInstalled, SpokenCommands.reason))
struct OfflineConversationTests {
    private let pool = PocketsphinxPool(limit: 1)
    private let output = RecordingOutput()

    private func harness() throws -> PipelineHarness {
        let rules = try BookingRules.parameters()
        let listening = changed(PocketsphinxSTT.Parameters()) { $0.rules = rules.rules }
        let pool = pool
        var builder = PipelineBuilder("offline")
        builder.add(Caller(NoParameters()))
        builder.add(EnergyVAD(.template))
        builder.add(Turn(.template))
        builder.add(PocketsphinxSTT(listening, pool: pool))
        builder.add(UserContext(.template))
        builder.add(RulesLLM(rules))
        builder.add(Sentences(.template))
        builder.add(FliteTTS(.template))
        builder.add(Speaker(.template))
        builder.add(AssistantContext(.template))
        return try PipelineHarness(builder.build(), call: Call(id: "test", transport: "harness", output: output))
    }

    private func says(_ time: Duration, _ text: String) throws -> ScriptedCaller.Step {
        .at(time, .play(try SpokenCommands.audio(text)))
    }

    private func heardTexts(_ harness: PipelineHarness) -> [String] {
        harness.events.all.compactMap { entry in
            if case .heardCaller(_, let text, isFinal: true) = entry.event { text } else { nil }
        }
    }

    private func spoken(_ harness: PipelineHarness) -> [(heard: String, planned: String, isInterrupted: Bool)] {
        harness.events.all.compactMap { entry in
            guard case .spoke(_, let heard, let planned, let isInterrupted) = entry.event else { return nil }
            return (heard, planned, isInterrupted)
        }
    }

    private func turns(_ harness: PipelineHarness) -> [TurnRecord] {
        harness.events.all.compactMap { entry in
            if case .turn(let record) = entry.event { record } else { nil }
        }
    }

    @Test func takesABookingAndSaysGoodbye() throws {
        let harness = try harness()
        let caller = try ScriptedCaller(
            says(.seconds(4), "Book a table."), says(.seconds(9), "Large."), says(.seconds(13), "On Friday."),
            says(.seconds(18), "Goodbye."))
        harness.play(caller, for: .seconds(24))
        #expect(heardTexts(harness) == ["book a table", "large", "on friday", "goodbye"])
        #expect(
            spoken(harness).map(\.heard)
                == ["Hello. How can I help?", "What size?", "What day?", "A large table on Friday.", "Bye."])
        #expect(spoken(harness).allSatisfy { $0.heard == $0.planned && !$0.isInterrupted })
        // The agent ends the call by itself once its goodbye has been heard.
        #expect(harness.events.report?.reason.name == "agent_ended")
        #expect(harness.events.report?.abandoned == [])
        #expect(output.closed.count == 1)
        #expect(harness.events.errors.isEmpty)
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func accountsForEveryTurnsGap() throws {
        let harness = try harness()
        harness.play(
            try ScriptedCaller(says(.seconds(4), "Book a table."), says(.seconds(9), "Large.")), for: .seconds(13))
        let records = turns(harness)
        #expect(records.count == 2)
        for record in records {
            #expect(record.parts.reduce(.zero) { $0 + $1.duration } == record.gap)
            #expect(record.gap > .zero && record.gap < .seconds(1))
        }
        harness.end(.hungUp)
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func fallsSilentWhenTheCallerBreaksIn() throws {
        let harness = try harness()
        harness.play(
            try ScriptedCaller(says(.seconds(4), "When are you open."), says(.seconds(8), "Book a table.")),
            for: .seconds(13))
        let replies = spoken(harness)
        #expect(replies.count == 3)
        let cut = try #require(replies.dropFirst().first)
        #expect(cut.isInterrupted && cut.planned.hasPrefix(cut.heard) && !cut.heard.isEmpty)
        #expect(cut.heard.count < cut.planned.count)
        #expect(replies.last?.heard == "What size?")

        let interruption = try #require(
            harness.events.all.first { if case .interruption = $0.event { true } else { false } })
        // Speech is confirmed some 100 ms after it begins; from then on nothing is heard until the next reply.
        #expect(interruption.time - .zero < .milliseconds(8600))
        let after = output.heard.filter { $0.end > interruption.time + .milliseconds(1) }
        let next = try #require(after.first)
        #expect(next.start > interruption.time + .milliseconds(300))
        #expect(heardTexts(harness) == ["when are you open", "book a table"])
        harness.end(.hungUp)
        #expect(pool.counts == (1, 0, 0))
    }

    @Test func takesTheSameCourseEveryTime() throws {
        // Made once: flite's voices are noisy.
        let caller = try ScriptedCaller(says(.seconds(4), "Book a table."), .at(.seconds(7), .hangUp))
        func log() throws -> [String] {
            let harness = try harness()
            harness.play(caller, for: .seconds(10))
            return harness.events.all.map { entry in
                // The report holds what was measured on the machine's own clock.
                if case .ended = entry.event { "\(entry.time) ended" } else { "\(entry.time) \(entry.event)" }
            }
        }
        #expect(try log() == log())
    }

    @Test func answersWhatItDoesNotUnderstand() throws {
        let harness = try harness()
        harness.play(
            try ScriptedCaller(says(.seconds(4), "The weather has been wonderful around here lately.")),
            for: .seconds(10))
        #expect(spoken(harness).map(\.heard) == ["Hello. How can I help?", "What was that?"])
        harness.end(.hungUp)
    }
}
