// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct UserContextTests {
    private func harness(_ change: (inout UserContext.Parameters) -> Void = { _ in }) throws -> ProcessorHarness {
        var parameters = UserContext.Parameters.template
        change(&parameters)
        let copy = parameters
        return try ProcessorHarness(UserContext(copy))
    }

    @Test func asksForAGreetingFirst() throws {
        let harness = try harness { $0.prompt = "Be brief." }
        #expect(
            harness.take(ModelRequest.self) == [
                ModelRequest(turn: TurnID(0), messages: [Message(.system, "Be brief.")])
            ])
        #expect(harness.takeUpstream().compactMap { $0[ModelRequest.self]?.turn } == [TurnID(0)])
        #expect(try harness.finish().isEmpty)
    }

    @Test func asksOnceForEachTurn() throws {
        let harness = try harness { $0.greet = false }
        harness.send(Transcript("book a table"))
        harness.send(TurnEnded(turn: TurnID(1), text: "book a table"))
        harness.send(TurnEnded(turn: TurnID(1), text: "book a table"))
        let frames = harness.takeOutput()
        #expect(frames.map(\.frameType) == ["turn_ended", "model_request", "turn_ended"])
        #expect(
            frames.compactMap { $0[ModelRequest.self] } == [
                ModelRequest(turn: TurnID(1), messages: [Message(.user, "book a table")])
            ])
        #expect(try harness.finish().isEmpty)
    }

    @Test func replacesTheWordsOfASupersededTurn() throws {
        let harness = try harness { $0.greet = false }
        harness.send(TurnEnded(turn: TurnID(1), text: "book a table"))
        _ = harness.takeOutput()
        harness.send(TurnEnded(turn: TurnID(2), text: "book a table tonight", supersedes: TurnID(1)))
        #expect(harness.take(ModelRequest.self).map(\.messages) == [[Message(.user, "book a table tonight")]])
        #expect(try harness.finish().isEmpty)
    }

    @Test func doesNotAnswerATurnThatAnotherHasFollowed() throws {
        let harness = try harness { $0.greet = false }
        harness.send(TurnStarted(turn: TurnID(2)))
        harness.send(TurnEnded(turn: TurnID(1), text: "one"))
        #expect(harness.take(ModelRequest.self).isEmpty)
        harness.send(TurnEnded(turn: TurnID(2), text: "two"))
        #expect(harness.take(ModelRequest.self).map(\.messages) == [[Message(.user, "one"), Message(.user, "two")]])
        #expect(try harness.finish().isEmpty)
    }

    @Test(arguments: [
        (TurnEnded.Reason.noWords, true, 1), (.noWords, false, 0), (.silence, true, 1), (.tooLong, true, 0),
        (.sessionEnded, true, 0), (.completed, true, 0),
    ])
    func answersTurnsWithoutWordsByTheirReason(reason: TurnEnded.Reason, answers: Bool, count: Int) throws {
        let harness = try harness {
            $0.greet = false
            $0.answerNoWords = answers
        }
        harness.send(TurnEnded(turn: TurnID(1), text: "", reason: reason))
        let requests = harness.take(ModelRequest.self)
        #expect(requests.count == count)
        #expect(requests.allSatisfy { $0.reason == reason && $0.messages.isEmpty })
        #expect(try harness.finish().isEmpty)
    }

    @Test func remembersButDoesNotAnswerWhatIsSaidAtTheEnd() throws {
        let harness = try harness { $0.greet = false }
        harness.send(TurnEnded(turn: TurnID(1), text: "bye", reason: .sessionEnded))
        #expect(harness.take(ModelRequest.self).isEmpty)
        #expect(try harness.finish().isEmpty)
    }
}
