// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// The processors of a turn with each other, in virtual time.
@Suite struct AgentPipelineTests {
    @Test func answersWhatTheCallerSays() throws {
        let agent = try AgentPipeline(says: ["hello", "book a table"])
        agent.harness.play(
            ScriptedCaller(.at(.milliseconds(500), .speak(.milliseconds(1000))), .at(.seconds(6), .speak(.seconds(1)))),
            for: .seconds(12))
        #expect(
            agent.messages == [
                Message(.user, "hello"), Message(.assistant, "You said hello."), Message(.user, "book a table"),
                Message(.assistant, "You said book a table."),
            ])
        #expect(agent.asked.map(\.turn) == [TurnID(1), TurnID(2)])
        #expect(agent.spoken.map(\.isInterrupted) == [false, false])
        #expect(agent.harness.end()?.reason.name == "input_ended")
        #expect(agent.harness.events.errors.isEmpty)
    }

    @Test func breaksTheGapDownFromTheTrueEndOfSpeech() throws {
        let agent = try AgentPipeline(says: ["hello"])
        agent.harness.play(ScriptedCaller(.at(.milliseconds(500), .speak(.milliseconds(1000)))), for: .seconds(5))
        let record = try #require(agent.records.first)
        #expect(record.turn == TurnID(1))
        let parts = Dictionary(uniqueKeysWithValues: record.parts.map { ($0.name, $0.duration) })
        #expect(parts["endpointing"] == .milliseconds(400))
        #expect(parts["transcription"] == .milliseconds(100))
        #expect(parts["model"] == .milliseconds(200))
        #expect(record.parts.map(\.duration).reduce(.zero, +) == record.gap)
    }

    @Test func greetsAndCanBeInterruptedBeforeTheGreetingIsHeard() throws {
        let agent = try AgentPipeline(says: ["hello"], greet: true)
        agent.harness.play(ScriptedCaller(.at(.milliseconds(100), .speak(.milliseconds(1000)))), for: .seconds(6))
        #expect(agent.asked.map(\.turn) == [TurnID(0), TurnID(1)])
        #expect(agent.messages == [Message(.user, "hello"), Message(.assistant, "You said hello.")])
        #expect(agent.output.heardSamples.first == FakeTextToSpeech.mark(of: "You said hello."))
    }

    @Test func goesOnFromWhereTheCallerStoppedHearingAfterNoise() throws {
        let reply = FakeLanguageModel.Reply(["This is a rather long sentence that takes its time."])
        let agent = try AgentPipeline(says: ["tell me", ""], reply: reply) { $0.minWords = 1 }
        agent.harness.play(
            ScriptedCaller(.at(.zero, .speak(.seconds(1))), .at(.seconds(3), .speak(.milliseconds(300)))),
            for: .seconds(12))
        #expect(
            agent.messages == [
                Message(.user, "tell me"), Message(.assistant, "This is a rather long sentence that takes its time."),
            ])
        let samples = Duration.milliseconds(50 * 51).sampleCount(rate: 16_000)
        #expect(agent.output.heardSamples.count == samples)
        #expect(agent.asked.count == 1)
    }

    @Test func commitsTheHeardWordsBeforeAskingAgainWhenWordsInterruptAtOnce() throws {
        let reply = FakeLanguageModel.Reply(["One two three four five six seven eight nine ten."])
        let agent = try AgentPipeline(says: ["tell me"], reply: reply)
        agent.harness.play(
            ScriptedCaller(.at(.zero, .speak(.seconds(1))), .at(.seconds(3), .type("stop"))), for: .seconds(4))
        let last = try #require(agent.asked.last?.messages)
        #expect(last.map(\.role) == [.user, .assistant, .user])
        #expect(last[1].text.hasPrefix("One two"))
        #expect(!last[1].text.contains("ten"))
        #expect(last[2].text == "stop")
    }

    @Test func saysSomethingWhenNothingWasUnderstood() throws {
        let agent = try AgentPipeline(says: [""])
        agent.harness.play(ScriptedCaller(.at(.zero, .speak(.seconds(1)))), for: .seconds(5))
        #expect(agent.asked.map(\.reason) == [.noWords])
        #expect(agent.messages == [Message(.assistant, "You said nothing.")])
    }

    @Test func asksASilentCallerAndHangsUp() throws {
        let agent = try AgentPipeline(says: ["hello"]) {
            $0.silenceTimeout = .seconds(4)
            $0.nudges = 2
        }
        agent.harness.play(ScriptedCaller(), for: .seconds(30))
        #expect(agent.asked.map(\.reason) == [.silence, .silence])
        #expect(agent.harness.events.report?.reason.name == "idle")
    }

    @Test func answersTheLastWordsOfARecordingThatEnds() throws {
        let agent = try AgentPipeline(says: ["hello"], recogniserDelay: .milliseconds(600))
        agent.harness.play(ScriptedCaller(.at(.zero, .speak(.seconds(1)))), for: .milliseconds(1500))
        agent.harness.end()
        #expect(agent.messages == [Message(.user, "hello"), Message(.assistant, "You said hello.")])
        #expect(agent.spoken.map(\.heard) == ["You said hello."])
        #expect(agent.harness.events.report?.reason.name == "input_ended")
    }

    @Test func understandsButDoesNotAnswerACallerWhoHungUp() throws {
        let agent = try AgentPipeline(says: ["goodbye"], recogniserDelay: .milliseconds(600))
        agent.harness.play(ScriptedCaller(.at(.zero, .speak(.seconds(1)))), for: .milliseconds(1500))
        agent.harness.end(.hungUp)
        #expect(agent.asked.isEmpty)
        let heard = agent.harness.events.all.compactMap { entry in
            if case .heardCaller(_, let text, true) = entry.event { text } else { nil }
        }
        #expect(heard == ["goodbye"])
    }

    @Test(arguments: 0..<100) func keepsExactlyTheWordsThatWereHeard(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let sentences = ["Alpha bravo charlie delta.", "Echo foxtrot golf hotel india.", "Juliett kilo lima."]
        let reply = FakeLanguageModel.Reply(sentences.map { $0 + " " }, gap: .milliseconds(300))
        let agent = try AgentPipeline(says: ["tell me", "stop"], reply: reply)
        let time = Duration.milliseconds(Int.random(in: 1550...7500, using: &generator))
        agent.harness.play(ScriptedCaller(.at(.zero, .speak(.seconds(1)))), for: time)
        agent.harness.onLoop { $0.interrupt("test") }
        let expected = sentences.compactMap { sentence -> String? in
            let mark = FakeTextToSpeech.mark(of: sentence)
            let pieces = agent.output.heard.filter { $0.audio.withSamples(\.first) == mark }
            let heard = pieces.reduce(Duration.zero) { $0 + $1.audio.duration }
            let words = FakeTextToSpeech.words(of: sentence, perCharacter: .milliseconds(50))
            let text = words.filter { ($0.start + $0.end) / 2 <= heard }.map(\.text).joined(separator: " ")
            return text.isEmpty ? nil : text
        }.joined(separator: " ")
        let messages = [Message(.user, "tell me")] + (expected.isEmpty ? [] : [Message(.assistant, expected)])
        #expect(agent.messages == messages)
        #expect(agent.spoken.count <= 1)
        #expect(agent.spoken.allSatisfy { $0.heard == expected })
    }
}
