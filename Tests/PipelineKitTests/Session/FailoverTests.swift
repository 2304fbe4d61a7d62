// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// What happens to the frame in work when an alternative takes a service's place.
@Suite struct FailoverTests {
    private let output = FrameLog()

    /// Answers requests as a model does, until it fails in its own way.
    private final class Model: Service {
        static let name = "model"
        static let summary = "Answers, or fails."

        enum Fault: Sendable, CaseIterable {
            case none, atStart, atOnce, afterTheAnnouncement, hangs, slow, inTheMiddle
        }

        private let name: String
        private let fault: Fault

        init(_ name: String, _ fault: Fault) {
            self.name = name
            self.fault = fault
        }

        convenience init(_ parameters: NoParameters) { self.init("", .none) }

        func start(_ output: ServiceOutput) async throws {
            if fault == .atStart { throw PipelineError(.provider, "no connection") }
        }

        func process(_ frame: Frame, _ output: ServiceOutput) async throws {
            guard let request = frame[ModelRequest.self] else { return try await output.emit(frame) }
            if fault == .atOnce { throw PipelineError(.provider, "refused") }
            try await output.emit(ResponseStarted(turn: request.turn))
            if fault == .afterTheAnnouncement { throw PipelineError(.provider, "reset") }
            if fault == .hangs { try await output.sleep(for: .seconds(1_000_000)) }
            if fault == .slow { try await output.sleep(for: .seconds(2)) }
            try await output.emit(ModelText("\(name) "))
            if fault == .inTheMiddle { throw PipelineError(.provider, "cut") }
            try await output.emit(ModelText("answers."))
            try await output.emit(ResponseEnded(turn: request.turn))
        }
    }

    private func harness(_ faults: Model.Fault..., within: Duration? = nil) throws -> PipelineHarness {
        var builder = PipelineBuilder("failover")
        builder.add(Caller(NoParameters()))
        let makers = faults.enumerated().map { index, fault in { @Sendable in Model("\(index)", fault) } }
        builder.add(
            makers[0](), id: "model", onError: .failover, failover: Array(makers.dropFirst()), answerWithin: within)
        let output = output
        builder.add(Tap(output))
        return try PipelineHarness(builder.build())
    }

    private static func request(_ turn: Int) -> ModelRequest {
        ModelRequest(turn: TurnID(turn), messages: [Message(.user, "hello")])
    }

    private var text: String { output.frames.compactMap { $0[ModelText.self]?.text }.joined() }
    private var endings: Int { output.frames.filter { $0[ResponseEnded.self] != nil }.count }

    @Test(arguments: [Model.Fault.atStart, .atOnce, .afterTheAnnouncement])
    private func theNextOneAnswersTheSameTurn(_ fault: Model.Fault) throws {
        let harness = try harness(fault, .none)
        harness.send(Self.request(1))
        #expect(text == "1 answers.")
        #expect(endings == 1)
        #expect(harness.now == .zero)
        #expect(harness.events.errors.map { $0.message.hasSuffix("; model takes its place") } == [true])
        #expect(harness.end()?.reason.name == "input_ended")
    }

    @Test(arguments: [Model.Fault.hangs, .slow])
    private func oneThatIsLateIsReplacedAtTheLimit(_ fault: Model.Fault) throws {
        let harness = try harness(fault, .none, within: .milliseconds(1500))
        harness.send(Self.request(1))
        harness.advance(by: .milliseconds(1490))
        #expect(text == "")
        harness.advance(by: .milliseconds(10))
        #expect(text == "1 answers.")
        let message = "nothing came within 1.5s (answer_within); model takes its place"
        #expect(harness.events.errors.map(\.message) == [message])
        harness.advance(by: .seconds(10))
        #expect(text == "1 answers.")
        #expect(endings == 1)
    }

    @Test func theLastOneMayTakeItsTime() throws {
        let harness = try harness(.atOnce, .slow, within: .milliseconds(500))
        harness.send(Self.request(1))
        harness.advance(by: .seconds(3))
        #expect(text == "1 answers.")
        #expect(harness.events.report == nil)
    }

    @Test func whatWasHeardIsNotSaidAgain() throws {
        let harness = try harness(.inTheMiddle, .none)
        harness.send(Self.request(1))
        #expect(text == "0 ")
        #expect(endings == 1)
        harness.send(Self.request(2))
        #expect(text == "0 1 answers.")
        #expect(endings == 2)
    }

    @Test func theSessionEndsWhenAllHaveFailedAtTheSameFrame() throws {
        let harness = try harness(.atStart, .atOnce, .afterTheAnnouncement)
        harness.send(Self.request(1))
        #expect(harness.events.errors.count == 3)
        #expect(harness.events.errors.last?.message == "reset")
        #expect(harness.events.report?.reason.name == "failed")
        #expect(text == "")
    }

    @Test func theFirstOneIsTriedAgainAfterTheLast() throws {
        let harness = try harness(.inTheMiddle, .inTheMiddle)
        for turn in 1...5 { harness.send(Self.request(turn)) }
        #expect(text == "0 1 0 1 0 ")
        #expect(endings == 5)
        #expect(harness.events.report == nil)
    }

    @Test func anInterruptedRequestIsNotGivenOn() throws {
        let harness = try harness(.hangs, .none, within: .seconds(1))
        harness.send(Self.request(1))
        harness.advance(by: .milliseconds(500))
        harness.onLoop { $0.interrupt("test") }
        harness.advance(by: .seconds(5))
        #expect(text == "")
        #expect(harness.events.errors.isEmpty)
    }

    // MARK: Recognisers

    /// Takes audio and answers at a command.
    private final class Recogniser: Service {
        static let name = "recogniser"
        static let summary = "Holds audio until it is asked for words."

        private let fails: Bool
        private(set) var unanswered: [Frame] = []

        init(fails: Bool) { self.fails = fails }

        convenience init(_ parameters: NoParameters) { self.init(fails: false) }

        func process(_ frame: Frame, _ output: ServiceOutput) async throws {
            if frame[DTMF.self] != nil || frame.audio == nil {
                if fails { throw PipelineError(.provider, "reset") }
                try await output.emit(Sentence("\(unanswered.count)"))
                unanswered = []
            } else {
                unanswered.append(frame)
            }
        }
    }

    @Test func noWordOfTheCallerIsLost() throws {
        var builder = PipelineBuilder("failover")
        builder.add(Caller(NoParameters()))
        builder.add(
            Recogniser(fails: true), id: "ear", onError: .failover, failover: [{ Recogniser(fails: false) }])
        let output = output
        builder.add(Tap(output))
        let harness = try PipelineHarness(builder.build())
        harness.send(.silence(.milliseconds(200)))
        harness.send(Sentence("now"))
        #expect(output.frames.compactMap { $0[Sentence.self]?.text } == ["10"])
        #expect(harness.events.errors.map(\.processor) == ["ear"])
    }
}
