// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// Nodes that emit, send upstream or wake themselves without measure: memory stays flat, the clock goes on, and they are
/// blamed.
@Suite struct FloodTests {
    private let output = FrameLog()

    private func harness(_ add: (inout PipelineBuilder) -> Void) throws -> PipelineHarness {
        var builder = PipelineBuilder("floods")
        builder.add(Caller(NoParameters()))
        add(&builder)
        let output = output
        builder.add(Tap(output))
        return try PipelineHarness(builder.build())
    }

    @Test func aFloodIsRefusedCountedAndBlamed() throws {
        let harness = try harness { builder in
            builder.add(FlakyProcessor(.floods(100_000)), id: "culprit", onError: .continue)
            builder.add(FlakyService(.waits), id: "victim", queue: QueueSettings(capacity: 8))
        }
        harness.send(Sentence("go"))
        let victim = try #require(harness.onLoop { $0.statistics }.first { $0.id == "victim" })
        // 2 * 8 + 64 wait; the frame itself comes after the flood.
        #expect(victim.queuePeak == 80)
        #expect(victim.framesDropped["flood"] == 100_001 - 80)
        // Told at the refusals 1, 2, 4, ...; reported the first ten times and at the sixteenth.
        #expect(harness.events.errors.allSatisfy { $0.processor == "culprit" && $0.category == .overload })
        #expect(harness.events.errors.count == 11)
    }

    @Test func aFloodEndsTheSessionByDefault() throws {
        let harness = try harness { builder in
            builder.add(FlakyProcessor(.floods(1000)), id: "culprit")
            builder.add(FlakyService(.waits), id: "victim", queue: QueueSettings(capacity: 8))
        }
        harness.send(Sentence("go"))
        #expect(harness.events.report?.reason.name == "failed")
        #expect(harness.events.errors.first?.processor == "culprit")
    }

    @Test func aFloodOfAServiceWaitsForRoom() throws {
        let harness = try harness { builder in
            builder.add(FlakyService(.floods(5000)), id: "source")
            builder.add(DelayedRelay(.zero), id: "relay", queue: QueueSettings(capacity: 8))
        }
        harness.send(Sentence("go"))
        #expect(output.frames.count == 5001)
        let relay = try #require(harness.onLoop { $0.statistics }.first { $0.id == "relay" })
        #expect(relay.queuePeak == 8)
        #expect(relay.framesDropped.isEmpty)
    }

    @Test func aFloodUpstreamIsRefusedAndBlamed() throws {
        let log = FrameLog()
        let harness = try harness { builder in
            builder.add(UpstreamLog(log))
            builder.add(FlakyProcessor(.floodsUpstream(100_000)), id: "culprit", onError: .continue)
        }
        harness.send(Sentence("go"))
        #expect(log.frames.filter { $0[ModelText.self] != nil }.count == 1024)
        #expect(harness.events.errors.map(\.processor) == ["culprit"])
    }

    @Test func oneThatWakesItselfForEverDoesNotStopTheClock() throws {
        let harness = try harness { $0.add(FlakyProcessor(.wakesForever)) }
        harness.send(Sentence("go"))
        harness.advance(by: .seconds(1))
        #expect(harness.now == MediaTime(nanoseconds: 1_000_000_000))
        #expect(harness.end()?.abandoned == [])
        #expect(harness.loop.nextEvent == nil)
    }
}

/// Notes what travels upstream.
private struct UpstreamLog: Processor {
    static let name = "upstream_log"
    static let summary = "Notes what travels upstream."

    private let log: FrameLog?

    init(_ parameters: NoParameters) { log = nil }
    init(_ log: FrameLog) { self.log = log }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) { log?.append(frame) }
}
