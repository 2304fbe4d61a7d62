// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct BackpressureTests {
    private func statistics(_ harness: PipelineHarness, _ id: String) throws -> ProcessorStatistics {
        try #require(harness.onLoop { $0.statistics }.first { $0.id == id })
    }

    private func texts(_ log: FrameLog) -> [String] { log.frames.compactMap { $0[Sentence.self]?.text } }

    /// Sends a frame whenever there is room, as a transport does that can wait.
    private func pour(_ count: Int, into harness: PipelineHarness) {
        var sent = 0
        while sent < count {
            if harness.onLoop({ $0.hasRoom }) {
                harness.send(Sentence("\(sent)"))
                sent += 1
            } else {
                harness.advance(by: .milliseconds(1))
            }
        }
    }

    @Test func everythingArrivesInOrderThroughBlockingQueuesAndBranches() throws {
        let (left, right, joined) = (FrameLog(), FrameLog(), FrameLog())
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(DelayedRelay(.zero), id: "fast", queue: QueueSettings(capacity: 8))
        builder.add(DelayedRelay(.milliseconds(3)), id: "slow", after: ["fast"], queue: QueueSettings(capacity: 4))
        builder.add(Tap(left), id: "left")
        builder.add(DelayedRelay(.milliseconds(7)), id: "slower", after: ["fast"], queue: QueueSettings(capacity: 2))
        builder.add(Tap(right), id: "right")
        builder.add(Tap(joined), id: "join", after: ["left", "right"], queue: QueueSettings(capacity: 3))
        let harness = try PipelineHarness(builder.build())
        pour(500, into: harness)
        harness.end()
        let all = (0..<500).map(String.init)
        #expect(texts(left) == all)
        #expect(texts(right) == all)
        #expect(joined.frames.count == 1000)
        for (id, capacity) in [("fast", 8), ("slow", 4), ("slower", 2)] {
            let figures = try #require(harness.events.report?.processors.first { $0.id == id })
            #expect(figures.queuePeak <= capacity, "\(id)")
            #expect(figures.framesDropped.isEmpty)
            #expect(figures.framesIn == 500)
        }
    }

    @Test func aSegmentGoesOnWhenTheServiceBehindItTakesAFrameAndSaysNothing() throws {
        let heard = FrameLog()
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Tap(heard), id: "segment", queue: QueueSettings(capacity: 64))
        builder.add(Swallowing(), queue: QueueSettings(capacity: 2))
        let harness = try PipelineHarness(builder.build())
        for index in 0..<20 { harness.send(Sentence("\(index)")) }
        #expect(heard.frames.count == 3)
        harness.advance(by: .milliseconds(200))
        #expect(texts(heard) == (0..<20).map(String.init))
    }

    @Test func theTransportIsToldOfRoomAndMayAnswerWithFrames() throws {
        let heard = FrameLog()
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Tap(heard))
        builder.add(Swallowing(), queue: QueueSettings(capacity: 2))
        let harness = try PipelineHarness(builder.build())
        let session = harness.session
        harness.onLoop { $0.onRoom { session.assumeIsolated { $0.push(Frame(Sentence("more"))) } } }
        for index in 0..<3 { harness.send(Sentence("\(index)")) }
        harness.advance(by: .milliseconds(100))
        // One frame is taken each 10 ms, and each time there is room for one more.
        #expect(heard.frames.count == 3 + 10)
        #expect(try statistics(harness, "swallowing").framesDropped.isEmpty)
    }

    struct Policy: Sendable, CustomTestStringConvertible {
        var policy: QueueSettings.Policy
        /// What still waits of the audio frames 0..<1000, of which the first is in work.
        var waiting: ClosedRange<Int>
        var dropped: [String: Int]
        var testDescription: String { policy.rawValue }
    }

    @Test(arguments: [
        Policy(policy: .dropOldest, waiting: 990...999, dropped: ["queue_full": 989]),
        Policy(policy: .dropNewest, waiting: 1...10, dropped: ["queue_full": 989]),
        Policy(policy: .keepLatest, waiting: 999...999, dropped: ["queue_full": 998]),
        // A live source goes on regardless: what exceeds the hard limit is a flood.
        Policy(policy: .block, waiting: 1...84, dropped: ["flood": 915]),
    ])
    func aStuckConsumerHoldsWhatItsPolicySays(_ policy: Policy) throws {
        let heard = FrameLog()
        let gate = Gate()
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()), onError: .continue)
        builder.add(
            FlakyService(.hangs, gate: gate), id: "stuck", queue: QueueSettings(capacity: 10, whenFull: policy.policy))
        builder.add(Tap(heard))
        let harness = try PipelineHarness(builder.build())
        for index in 0..<1000 {
            harness.send(Frame(audio: .silence(.milliseconds(20)), at: MediaTime(nanoseconds: Int64(index))))
        }
        let figures = try statistics(harness, "stuck")
        #expect(figures.framesIn == 1)
        #expect(figures.queueDepth == policy.waiting.count)
        #expect(figures.framesDropped == policy.dropped)
        #expect(figures.framesIn + figures.queueDepth + figures.framesDropped.values.reduce(0, +) == 1000)
        gate.open()
        harness.advance(by: .milliseconds(1))
        #expect(heard.frames.map { Int($0.mediaTime.nanoseconds) } == [0] + Array(policy.waiting))
    }

    @Test func controlFramesAreNeverDroppedByAPolicy() throws {
        let heard = FrameLog()
        let gate = Gate()
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(
            FlakyService(.hangs, gate: gate), id: "stuck", queue: QueueSettings(capacity: 4, whenFull: .keepLatest))
        builder.add(Tap(heard))
        let harness = try PipelineHarness(builder.build())
        for index in 0..<40 {
            harness.send(Frame(audio: .silence(.milliseconds(20))))
            harness.send(Transcript("\(index)"))
        }
        gate.open()
        harness.advance(by: .milliseconds(1))
        #expect(heard.frames.compactMap { $0[Transcript.self]?.text } == (0..<40).map(String.init))
        #expect(heard.frames.filter { $0.audio != nil }.count == 2)
    }

    @Test func theEndReachesAFullQueue() throws {
        let gate = Gate()
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()), onError: .continue)
        builder.add(FlakyService(.hangs, gate: gate), id: "stuck", queue: QueueSettings(capacity: 1))
        let harness = try PipelineHarness(builder.build())
        for _ in 0..<100 { harness.send(Transcript("word")) }
        harness.onLoop { $0.end(.inputEnded) }
        harness.advance(by: .seconds(1))
        gate.open()
        harness.advance(by: .milliseconds(1))
        #expect(harness.events.report?.duration == .seconds(1))
    }
}

/// Takes a frame every 10 ms and emits nothing.
private final class Swallowing: Service {
    static let name = "swallowing"
    static let summary = "Takes frames slowly and emits nothing."

    init(_ parameters: NoParameters) {}
    init() {}

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await output.sleep(for: .milliseconds(10))
    }
}
