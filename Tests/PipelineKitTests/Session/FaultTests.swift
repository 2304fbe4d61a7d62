// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// Every way in which a node can break its contract, in turn: the session ends within its limits, names the culprit and
/// leaves nothing behind.
@Suite struct FaultTests {
    private let gate = Gate()
    private let output = FrameLog()

    private func harness(
        limits: SessionLimits = SessionLimits(), _ add: (inout PipelineBuilder) -> Void
    ) throws -> PipelineHarness {
        var builder = PipelineBuilder("faults", limits: limits)
        builder.add(Caller(NoParameters()))
        add(&builder)
        let output = output
        builder.add(Tap(output))
        return try PipelineHarness(builder.build())
    }

    private func service(
        _ fault: FlakyService.Fault, atFrame position: Int = 1, onError: ErrorPolicy = .end
    ) throws -> PipelineHarness {
        let gate = gate
        return try harness {
            $0.add(FlakyService(fault, atFrame: position, gate: gate), id: "culprit", onError: onError)
        }
    }

    private func processor(
        _ fault: FlakyProcessor.Fault, atFrame position: Int = 1, onError: ErrorPolicy = .end
    ) throws -> PipelineHarness {
        try harness { $0.add(FlakyProcessor(fault, atFrame: position), id: "culprit", onError: onError) }
    }

    private var texts: [String] { output.frames.compactMap { $0[Sentence.self]?.text } }

    // MARK: Throwing

    @Test func aProcessorThatThrowsEndsTheSession() throws {
        let harness = try processor(.throwsError)
        harness.send(Sentence("lost"))
        let report = try #require(harness.events.report)
        guard case .failed(let error) = report.reason else { return #expect(Bool(false), "\(report.reason)") }
        #expect(error.processor == "culprit")
        #expect(error.message.contains("FlakyError"))
        #expect(report.abandoned.isEmpty)
        #expect(harness.loop.nextEvent == nil)
    }

    @Test func aServiceThatThrowsEndsTheSession() throws {
        let harness = try service(.throwsError)
        harness.send(Sentence("lost"))
        let report = try #require(harness.events.report)
        #expect(report.reason.name == "failed")
        #expect(harness.events.errors.map(\.processor) == ["culprit"])
        #expect(report.abandoned.isEmpty)
    }

    @Test func continuingLosesOnlyTheFrame() throws {
        let harness = try service(.throwsError, atFrame: 2, onError: .continue)
        for text in ["one", "two", "three"] { harness.send(Sentence(text)) }
        #expect(texts == ["one", "three"])
        #expect(harness.events.errors.count == 1)
        #expect(harness.end()?.reason.name == "input_ended")
    }

    @Test func oneThatFailsAtEveryFrameDoesNotDrownItsObservers() throws {
        let harness = try processor(.keepsThrowing, onError: .continue)
        for _ in 0..<1000 { harness.send(Sentence("lost")) }
        // The first ten, then at 16, 32, ... 512.
        #expect(harness.events.errors.count == 16)
        #expect(harness.events.report == nil)
    }

    @Test func restartingGivesTheNextFrameAFreshProcessor() throws {
        let harness = try processor(.throwsError, atFrame: 2, onError: .restart)
        for text in ["one", "lost", "two", "lost", "three"] { harness.send(Sentence(text)) }
        #expect(texts == ["one", "two", "three"])
    }

    @Test func restartingGivesUpAfterTooManyFailures() throws {
        let harness = try service(.throwsError, onError: .restart(attempts: 2, period: .seconds(60)))
        for _ in 0..<2 { harness.send(Sentence("lost")) }
        #expect(harness.events.report == nil)
        harness.send(Sentence("lost"))
        #expect(harness.events.report?.reason.name == "failed")
    }

    @Test func failuresLongAgoDoNotCount() throws {
        let harness = try service(.throwsError, onError: .restart(attempts: 1, period: .seconds(2)))
        for _ in 0..<5 {
            harness.send(Sentence("lost"))
            harness.advance(by: .seconds(3))
        }
        #expect(harness.events.errors.count == 5)
        #expect(harness.events.report == nil)
    }

    @Test func failingOverTakesTheAlternativesInTurnAndThenEnds() throws {
        let harness = try harness { builder in
            builder.add(
                FlakyService(.throwsError, atFrame: 2), id: "culprit", onError: .failover,
                failover: [{ FlakyService(.throwsError) }, { FlakyService(.throwsError) }])
        }
        harness.send(Sentence("one"))
        #expect(texts == ["one"])
        #expect(harness.events.report == nil)
        harness.send(Sentence("lost"))
        #expect(texts == ["one"])
        #expect(harness.events.errors.count == 3)
        #expect(harness.events.report?.reason.name == "failed")
        #expect(harness.events.report?.abandoned == [])
        #expect(harness.now == .zero)
    }

    // MARK: Hanging

    @Test func aServiceThatHangsIsAbandonedAndNamedWithinTheLimits() throws {
        let harness = try service(.hangs)
        harness.send(Sentence("lost"))
        let report = try #require(harness.end())
        #expect(report.reason.name == "input_ended")
        #expect(report.abandoned == ["culprit"])
        #expect(report.duration == .seconds(7))
        #expect(harness.events.errors.map(\.processor) == ["culprit"])
        gate.open()
        harness.advance(by: .seconds(1))
        #expect(texts.isEmpty)
        #expect(harness.loop.nextEvent == nil)
    }

    @Test func aServiceThatIsOnlyStuckLeavesWhenCancelled() throws {
        let harness = try service(.waits)
        harness.send(Sentence("lost"))
        let report = try #require(harness.end())
        #expect(report.abandoned == [])
        #expect(report.duration == .seconds(5))
    }

    @Test func aCancelledSessionDoesNotWaitForTheDrain() throws {
        let harness = try service(.hangs)
        harness.send(Sentence("lost"))
        #expect(harness.end(.cancelled)?.duration == .seconds(2))
        gate.open()
    }

    @Test func cancellingCutsADrainShort() throws {
        let harness = try service(.waits)
        harness.send(Sentence("lost"))
        harness.onLoop { $0.end(.inputEnded) }
        harness.advance(by: .seconds(1))
        harness.onLoop { $0.end(.cancelled) }
        #expect(harness.events.report?.duration == .seconds(1))
        #expect(harness.events.report?.reason.name == "input_ended")
    }

    @Test func aServiceThatIgnoresCancellationIsWaitedFor() throws {
        let harness = try service(.ignoresCancellation(.milliseconds(1500)))
        harness.send(Sentence("lost"))
        let report = try #require(harness.end(.cancelled))
        #expect(report.abandoned == [])
        #expect(report.duration == .milliseconds(1500))
    }

    @Test func aServiceThatHangsThroughAnInterruptionIsReplaced() throws {
        let harness = try service(.hangs)
        harness.send(Sentence("hangs"))
        harness.onLoop { $0.interrupt("test") }
        harness.send(Sentence("waits"))
        harness.advance(by: .milliseconds(1990))
        #expect(texts.isEmpty)
        // The fresh service hangs at its first frame as well, until the gate is opened.
        harness.advance(by: .milliseconds(20))
        #expect(harness.events.errors.map(\.processor) == ["culprit"])
        gate.open()
        harness.advance(by: .milliseconds(10))
        #expect(texts == ["waits"])
        #expect(harness.end()?.abandoned == [])
    }

    @Test func aServiceThatReturnsLateFromAnInterruptionIsNotReplaced() throws {
        let harness = try service(.ignoresCancellation(.seconds(1)))
        harness.send(Sentence("stale"))
        harness.onLoop { $0.interrupt("test") }
        harness.send(Sentence("fresh"))
        harness.advance(by: .milliseconds(1010))
        #expect(texts == ["fresh"])
        #expect(harness.events.errors.isEmpty)
    }

    @Test func aReplacedServiceThatHangsIsNamedAtTheEnd() throws {
        let gate = gate
        let harness = try harness { builder in
            builder.add(
                StuckOnCommand(gate: gate), id: "culprit", onError: .failover,
                failover: [{ StuckOnCommand(gate: gate) }])
        }
        harness.send(Sentence("hang"))
        harness.send(try #require(DTMF("1")))
        #expect(harness.events.errors.count == 1)
        let report = try #require(harness.end(.cancelled))
        #expect(report.abandoned == ["culprit"])
        gate.open()
        harness.advance(by: .seconds(1))
    }

    // MARK: Starting and finishing

    @Test func framesWaitForAServiceThatStartsSlowly() throws {
        let harness = try service(.startsSlowly(.seconds(3)))
        harness.send(Sentence("early"))
        harness.advance(by: .milliseconds(2990))
        #expect(texts.isEmpty)
        harness.advance(by: .milliseconds(10))
        #expect(texts == ["early"])
    }

    @Test func aServiceThatDoesNotStartFailsAtTheLimit() throws {
        let harness = try service(.startsSlowly(.seconds(30)))
        harness.advance(by: .milliseconds(9990))
        #expect(harness.events.report == nil)
        harness.advance(by: .milliseconds(10))
        #expect(harness.events.report?.reason.name == "failed")
        let error = try #require(harness.events.errors.first)
        #expect(error.processor == "culprit")
        #expect(error.message == "did not start within 10s (limits.start)")
        #expect(error.category == .provider)
    }

    @Test func aServiceThatHangsAtItsStartIsAbandoned() throws {
        let harness = try service(.hangsAtStart)
        harness.advance(by: .seconds(13))
        #expect(harness.events.report?.duration == .seconds(12))
        #expect(harness.events.report?.abandoned == ["culprit"])
        gate.open()
        harness.advance(by: .seconds(1))
    }

    @Test func aServiceThatFailsToStartEndsTheSession() throws {
        let harness = try service(.failsToStart)
        #expect(harness.events.report?.reason.name == "failed")
    }

    @Test func thoseBehindAServiceThatFailsToFinishStillFinish() throws {
        let log = FrameLog()
        let harness = try harness { builder in
            builder.add(FlakyService(.throwsAtFinish), id: "culprit", onError: .continue)
            builder.add(LastWords(log))
        }
        harness.end()
        #expect(log.frames.count == 1)
    }

    @Test func aServiceThatHangsAtItsFinishIsCancelledAndAbandoned() throws {
        let harness = try service(.hangsAtFinish)
        #expect(harness.end()?.duration == .seconds(7))
        #expect(harness.events.report?.abandoned == ["culprit"])
        gate.open()
    }

    @Test func aServiceThatHangsAtItsStopIsAbandoned() throws {
        let harness = try service(.hangsAtStop)
        #expect(harness.end()?.duration == .seconds(2))
        #expect(harness.events.report?.abandoned == ["culprit"])
        gate.open()
    }

    // MARK: Neighbours

    @Test func aFailureLeavesTheNeighbourOnTheLoopAlone() throws {
        let failing = try processor(.throwsError, atFrame: 3)
        var builder = PipelineBuilder("neighbour")
        let heard = FrameLog()
        builder.add(Caller(NoParameters()))
        builder.add(DelayedRelay(.milliseconds(5)))
        builder.add(Tap(heard))
        let neighbour = try PipelineHarness(builder.build(), on: failing.loop)
        for _ in 0..<10 {
            failing.send(Sentence("one"))
            neighbour.send(Sentence("two"))
            neighbour.advance(by: .milliseconds(10))
        }
        #expect(failing.events.report?.reason.name == "failed")
        #expect(heard.frames.count == 10)
        #expect(neighbour.events.report == nil)
        #expect(neighbour.end()?.reason.name == "input_ended")
    }
}

/// Hangs at a sentence, and fails at a key.
private final class StuckOnCommand: Service {
    static let name = "stuck_on_command"
    static let summary = "Hangs at a sentence, fails at a key."

    private let gate: Gate

    init(_ parameters: NoParameters) { gate = Gate() }
    init(gate: Gate) { self.gate = gate }

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws { await gate.wait() }
    func receive(_ frame: Frame, _ context: inout ProcessorContext) throws { throw FlakyError(frame: 1) }
}

/// Emits something when nothing more comes.
private struct LastWords: Processor {
    static let name = "last_words"
    static let summary = "Notes that nothing more comes."

    private let log: FrameLog?

    init(_ parameters: NoParameters) { log = nil }
    init(_ log: FrameLog) { self.log = log }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    mutating func finish(_ context: inout ProcessorContext) { log?.append(Frame(Sentence("the end"))) }
}
