// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// Doubles the amplitude of nothing, but waits: a service that answers each frame after a delay.
private final class Slow: Service {
    static let name = "slow"
    static let summary = "Passes each frame on after a delay."

    private let delay: Duration

    init(_ parameters: NoParameters) { delay = .milliseconds(100) }
    init(delay: Duration) { self.delay = delay }

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await output.sleep(for: delay)
        try await output.emit(frame)
    }
}

@Suite struct ChainTests {
    @Test func passesFramesInOrderThroughAService() throws {
        let harness = try ProcessorHarness(service: Slow(delay: .milliseconds(100)))
        harness.send(Sentence("one"))
        harness.send(Sentence("two"))
        harness.advance(by: .milliseconds(99))
        #expect(harness.takeOutput().isEmpty)
        harness.advance(by: .milliseconds(1))
        #expect(harness.take(Sentence.self) == [Sentence("one")])
        harness.advance(by: .milliseconds(100))
        #expect(harness.take(Sentence.self) == [Sentence("two")])
        #expect(try harness.finish().isEmpty)
    }

    @Test func dropsTheReplyInWorkAtAnInterruption() throws {
        let harness = try ProcessorHarness(service: Slow(delay: .milliseconds(100)))
        harness.send(Sentence("stale"))
        harness.send(Sentence("also stale"))
        harness.advance(by: .milliseconds(50))
        harness.interrupt()
        harness.send(Sentence("fresh"))
        harness.advance(by: .seconds(1))
        #expect(harness.take(Sentence.self) == [Sentence("fresh")])
        #expect(try harness.finish().isEmpty)
    }

    @Test func finishesWhatIsUnderWayBeforeItEnds() throws {
        let harness = try ProcessorHarness(service: Slow(delay: .milliseconds(100)))
        harness.send(Sentence("one"))
        #expect(try harness.finish().compactMap { $0[Sentence.self] } == [Sentence("one")])
        #expect(harness.events.report?.reason.name == "input_ended")
        #expect(harness.events.report?.abandoned == [])
    }
}

/// Takes very long to connect.
private final class SlowStart: Service {
    static let name = "slow_start"
    static let summary = "Takes very long to connect."

    init(_ parameters: NoParameters) {}

    nonisolated(nonsending) func start(_ output: ServiceOutput) async throws {
        try await output.sleep(for: .seconds(100))
    }
    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {}
}

@Suite struct StartTests {
    @Test func aServiceThatDoesNotStartIsNamed() throws {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(SlowStart(NoParameters()))
        let harness = try PipelineHarness(builder.build())
        harness.advance(by: .seconds(9))
        #expect(harness.events.errors.isEmpty)
        harness.advance(by: .seconds(5))
        #expect(harness.events.errors.map(\.processor) == ["slow_start"])
        #expect(harness.events.report?.reason.name == "failed")
        #expect(harness.events.report?.abandoned == [])
    }
}
