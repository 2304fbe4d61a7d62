// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

/// A small agent of its own, so that the shipped one can change.
enum BookingRules {
    static let text = """
        greeting: { say: Hello. How can I help? }
        slots:
          day: { type: day, answers: ["[on] {day}"] }
          size: { type: choice, values: { small: [], large: [] }, answers: ["[a] {size}"] }
        intents:
          book:
            phrases: ["book a table [on {day}]"]
            ask: { size: What size?, day: What day? }
            reply: "A {size} table {day}."
          hours:
            phrases: [when are you open]
            reply: We are open from nine to six, Monday to Saturday, and on the first Sunday of May, but never in August.
          legal:
            phrases: [read the notice]
            reply: This call is recorded.
            interruptible: false
          bye:
            phrases: [goodbye]
            reply: Bye.
            end_call: true
        no_match: { say: What was that? }
        no_input: { say: Are you there? }
        """

    /// Parameters for these rules, or for others.
    static func parameters(_ text: String = text) throws -> RulesLLM.Parameters {
        RulesLLM.Parameters(rules: FileReference(try TemporaryFile.path(text, suffix: ".yaml")))
    }
}

@Suite struct RulesLLMTests {
    private func harness(_ change: (inout RulesLLM.Parameters) -> Void = { _ in }) throws -> ProcessorHarness {
        let parameters = changed(try BookingRules.parameters(), change)
        return try ProcessorHarness(service: RulesLLM(parameters))
    }

    private func ask(
        _ text: String?, turn: Int, reason: TurnEnded.Reason = .completed, _ harness: ProcessorHarness
    ) -> String {
        send(text, turn: turn, reason: reason, harness)
        return harness.take(ModelText.self).map(\.text).joined()
    }

    private func send(
        _ text: String?, turn: Int, reason: TurnEnded.Reason = .completed, _ harness: ProcessorHarness
    ) {
        let messages = text.map { [Message(.system, "Be kind."), Message(.user, $0)] } ?? []
        harness.send(ModelRequest(turn: TurnID(turn), messages: messages, reason: reason))
    }

    @Test func greetsWhenNobodyHasSpoken() throws {
        #expect(ask(nil, turn: 0, try harness()) == "Hello. How can I help?")
    }

    @Test func answersTurnByTurn() throws {
        let harness = try harness()
        #expect(ask("book a table", turn: 1, harness) == "What size?")
        #expect(ask("a large", turn: 2, harness) == "What day?")
        #expect(ask("on Friday", turn: 3, harness) == "A large table on Friday.")
    }

    @Test func streamsWordsBetweenTheMarksOfAResponse() throws {
        let harness = try harness {
            $0.firstTokenDelay = .milliseconds(300)
            $0.tokenDelay = .milliseconds(50)
        }
        send("book a table", turn: 4, harness)
        harness.advance(by: .milliseconds(299))
        #expect(harness.takeOutput().isEmpty)
        harness.advance(by: .milliseconds(1))
        let first = harness.takeOutput()
        #expect(first.compactMap { $0[ResponseStarted.self] } == [ResponseStarted(turn: TurnID(4))])
        #expect(first.compactMap { $0[ModelText.self] } == [ModelText("What")])
        harness.advance(by: .milliseconds(50))
        let rest = harness.takeOutput()
        #expect(rest.compactMap { $0[ModelText.self] } == [ModelText(" size?")])
        #expect(rest.last?[ResponseEnded.self] == ResponseEnded(turn: TurnID(4)))
        #expect(try harness.finish().isEmpty)
    }

    @Test(arguments: ["", "one", " two  words ", "a\nb c."])
    func losesNoCharacterOfAText(text: String) {
        #expect(RulesLLM.tokens(text).joined() == text)
        #expect(RulesLLM.tokens(text).count <= text.split(whereSeparator: \.isWhitespace).count + 1)
    }

    @Test func answersSilenceAndWordsThatFitNothing() throws {
        let harness = try harness()
        #expect(ask("book a table", turn: 1, harness) == "What size?")
        #expect(ask("", turn: 2, reason: .noWords, harness) == "What was that? What size?")
        #expect(ask("elephants", turn: 3, harness) == "What was that? What size?")
        #expect(ask(nil, turn: 4, reason: .silence, harness) == "Are you there? What size?")
        #expect(ask("small", turn: 5, harness) == "What day?")
    }

    @Test func keepsWhatWasFilledInWhenTheReplyIsInterrupted() throws {
        let harness = try harness { $0.tokenDelay = .milliseconds(100) }
        send("book a table", turn: 1, harness)
        harness.interrupt()
        #expect(harness.take(ModelText.self) == [ModelText("What")])
        send("large", turn: 2, harness)
        harness.advance(by: .seconds(1))
        #expect(harness.take(ModelText.self).map(\.text).joined() == "What day?")
    }

    @Test func forgetsATurnThatAnotherSupersedes() throws {
        let harness = try harness()
        #expect(ask("book a table", turn: 1, harness) == "What size?")
        #expect(ask("small", turn: 2, harness) == "What day?")
        // The caller had not finished: "small ... no, large".
        harness.send(TurnEnded(turn: TurnID(3), text: "large", supersedes: TurnID(2)))
        #expect(ask("large", turn: 3, harness) == "What day?")
        #expect(ask("friday", turn: 4, harness) == "A large table on Friday.")
    }

    @Test func answersATurnThatIsAskedAboutAgainAsIfForTheFirstTime() throws {
        let harness = try harness()
        #expect(ask("book a table", turn: 1, harness) == "What size?")
        #expect(ask("book a table on Monday", turn: 1, harness) == "What size?")
        #expect(ask("small", turn: 2, harness) == "A small table on Monday.")
    }

    @Test func marksAReplyThatMustBeHeardWhole() throws {
        let harness = try harness { $0.tokenDelay = .seconds(1) }
        send("read the notice", turn: 1, harness)
        let output = harness.takeOutput()
        #expect(output.compactMap { $0[ModelText.self]?.text } == ["This call is recorded."])
        #expect(output.count == 3 && output.allSatisfy(\.header.isUninterruptible))
        #expect(ask("goodbye", turn: 2, harness) == "Bye.")
    }

    @Test func emitsAReplyThatMustBeHeardWholeThroughAnInterruption() throws {
        // A full queue holds the reply in the middle.
        let (log, parameters) = (FrameLog(), try BookingRules.parameters())
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(RulesLLM(parameters))
        builder.add(Holding(log), queue: QueueSettings(capacity: 1))
        let harness = try PipelineHarness(builder.build())
        harness.send(ModelRequest(turn: TurnID(1), messages: [Message(.user, "read the notice")]))
        harness.onLoop { $0.interrupt("test") }
        harness.send(Release())
        #expect(log.frames.compactMap { $0[ModelText.self]?.text } == ["This call is recorded."])
        #expect(log.frames.last?[ResponseEnded.self] == ResponseEnded(turn: TurnID(1)))
        #expect(harness.end(.cancelled)?.abandoned == [])
    }

    @Test func endsTheSessionAfterTheGoodbye() throws {
        let harness = try harness()
        send("goodbye", turn: 1, harness)
        #expect(harness.takeOutput().last?[ResponseEnded.self] == ResponseEnded(turn: TurnID(1), endsSession: true))
    }

    @Test func passesOtherFrames() throws {
        let harness = try harness()
        harness.send(TurnEnded(turn: TurnID(1), text: "hm"))
        #expect(harness.take(TurnEnded.self) == [TurnEnded(turn: TurnID(1), text: "hm")])
        #expect(try harness.finish().isEmpty)
    }

    @Test func reportsEverythingThatIsWrongWithTheRules() throws {
        let parameters = try BookingRules.parameters("greeting: { sai: Hello. }\nintents: {}\nbogus: 1\n")
        let harness = try ProcessorHarness(service: RulesLLM(parameters))
        let message = try #require(harness.events.errors.first?.message)
        #expect(message.contains("sai") && message.contains("bogus"))
        #expect(harness.events.errors.first?.category == .badInput)
    }

    @Test func isCheckedWithTheRulesFileBeforeAnythingRuns() throws {
        let path = try BookingRules.parameters("greeting: { sai: Hello. }\nintents: {}\n").rules.path
        var diagnostics = Diagnostics()
        let node = YAMLReader().read("rules: \(path)", file: "pipeline.yaml", into: &diagnostics)
        let mark = SourceMark(file: "pipeline.yaml")
        #expect(RulesLLM.Parameters.decode(node, path: "brain", at: mark, into: &diagnostics) == nil)
        #expect(diagnostics.rendered().contains("\(path):1:"))
    }
}
