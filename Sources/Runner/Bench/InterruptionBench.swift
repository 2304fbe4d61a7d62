// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// How long an interruption takes from another thread to the sink, while a thousand sessions run on the loop.
enum InterruptionBench {
    /// Waits for the sink to be told to forget what it had, and when that was.
    ///
    /// Nobody spins meanwhile: a thread that does takes the loop's core for whole slices of the scheduler.
    private final class ClearedAt: Sendable {
        private let waiting = Mutex<CheckedContinuation<Double, Never>?>(nil)

        func wait(_ post: () -> Void) async -> Double {
            await withCheckedContinuation { continuation in
                waiting.withLock { $0 = continuation }
                post()
            }
        }

        func note() {
            let now = Stopwatch.wall
            waiting.withLock { $0.take() }?.resume(returning: now)
        }
    }

    /// Says when an interruption reaches it.
    private struct Sink: Processor {
        static let name = "bench_interrupted"
        static let summary = "Notes when an interruption arrives."

        private let cleared: ClearedAt?

        init(_ parameters: NoParameters) { cleared = nil }
        init(_ cleared: ClearedAt) { self.cleared = cleared }

        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {}

        mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
            cleared?.note()
        }
    }

    /// The 99th percentile in milliseconds, over `count` interruptions with 200 frames queued.
    static func p99Milliseconds(sessions: Int = 1000, count: Int = 200) async throws -> Double {
        let group = LoopGroup(count: 1)
        let loop = group.loops[0]
        let background = try await run(sessions, on: loop)
        let cleared = ClearedAt()
        var builder = PipelineBuilder("interrupted")
        builder.add(Caller(NoParameters()))
        builder.add(BenchStuckService(NoParameters()))
        builder.add(BenchPass(NoParameters()))
        builder.add(Sink(cleared))
        let session = try await Session.start(builder.build(), call: Call(id: "bench", transport: "bench"), on: loop)
        var figures: [Double] = []
        for _ in 0..<count {
            for _ in 0..<200 { await session.push(Frame(Sentence("Queued behind the one in work."))) }
            var start = 0.0
            let end = await cleared.wait {
                start = Stopwatch.wall
                loop.post { session.assumeIsolated { $0.interrupt("bench") } }
            }
            figures.append((end - start) / 1e6)
            try await Task.sleep(for: .milliseconds(3))
        }
        for session in background + [session] { await session.end(.cancelled) }
        for session in background + [session] { _ = await session.ended() }
        try await group.shutDown()
        return Stopwatch.percentile(0.99, figures)
    }

    private static func run(_ count: Int, on loop: SessionLoop) async throws -> [Session] {
        let audio = Audio.silence(.milliseconds(20), format: .telephone)
        var sessions: [Session] = []
        for index in 0..<count {
            var builder = PipelineBuilder("background")
            builder.add(BenchLine([audio], position: 0, phase: .microseconds(20_000 * index / count)))
            for number in 0..<5 { builder.add(BenchPass(NoParameters()), id: "pass\(number)") }
            sessions.append(
                try await Session.start(builder.build(), call: Call(id: "background", transport: "bench"), on: loop))
        }
        return sessions
    }
}
