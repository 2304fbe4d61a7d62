// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CAllocations
import PipelineKit

/// What the runtime itself costs: a hop, a queue, an idle session.
enum RuntimeBench {
    private static let batch = 1000

    /// A session of a chain on a virtual loop.
    private struct Chain {
        let loop = SessionLoop.virtual()
        let session: Session

        init(processors: Int, services: Int) throws {
            var builder = PipelineBuilder("bench")
            builder.add(Caller(NoParameters()))
            for index in 0..<processors { builder.add(BenchPass(NoParameters()), id: "pass\(index)") }
            for index in 0..<services {
                builder.add(BenchService(NoParameters()), id: "service\(index)", queue: QueueSettings(capacity: 64))
            }
            let (loop, plan) = (loop, builder.build())
            session = try loop.perform {
                try Session(plan, call: Call(id: "bench", transport: "bench"), loop: loop)
            }
            loop.perform { session.assumeIsolated { $0.start() } }
        }

        /// CPU nanoseconds per frame.
        func cost(frames: Int, batch: Int) -> Double {
            let frame = Frame(Sentence("The same frame again."))
            let start = Stopwatch.cpu
            for _ in 0..<frames / batch { push(frame, times: batch) }
            return (Stopwatch.cpu - start) / Double(frames)
        }

        func push(_ frame: Frame, times: Int) {
            loop.perform {
                session.assumeIsolated { session in
                    for _ in 0..<times { session.push(frame) }
                }
            }
        }
    }

    /// Nanoseconds of CPU for one frame through one of ten synchronous processors.
    ///
    /// Ten are as many as a call has. Each hop is three nested calls: a chain much longer than that overruns the
    /// processor's return stack and costs twice as much a hop.
    static func hopNanoseconds() throws -> Double {
        let empty = try Chain(processors: 0, services: 0)
        let chain = try Chain(processors: 10, services: 0)
        return Stopwatch.median(of: 9) {
            let difference = chain.cost(frames: 100_000, batch: batch) - empty.cost(frames: 100_000, batch: batch)
            return difference / 10
        }
    }

    /// Heap allocations for one frame through one synchronous processor; `nil` where they cannot be counted.
    static func hopAllocations() throws -> Double? {
        guard allocations_supported() else { return nil }
        func allocations(_ processors: Int) throws -> UInt64 {
            let chain = try Chain(processors: processors, services: 0)
            let frame = Frame(Sentence("The same frame again."))
            chain.push(frame, times: batch)
            allocations_begin()
            chain.push(frame, times: batch)
            return allocations_end()
        }
        return Double(try allocations(30)) / Double(batch * 30)
    }

    /// Nanoseconds of CPU for one frame across one queue to a service on the same loop, streaming.
    static func queueNanoseconds() throws -> Double {
        let short = try Chain(processors: 0, services: 2)
        let long = try Chain(processors: 0, services: 12)
        return Stopwatch.median(of: 9) {
            let difference = long.cost(frames: 20_000, batch: 50) - short.cost(frames: 20_000, batch: 50)
            return difference / 10
        }
    }

    /// KiB of resident memory for an idle session of ten processors, three of them services.
    static func idleSessionKiB() throws -> Double {
        let count = 10_000
        var builder = PipelineBuilder("idle")
        builder.add(Caller(NoParameters()))
        for index in 0..<6 { builder.add(BenchPass(NoParameters()), id: "pass\(index)") }
        for index in 0..<3 { builder.add(BenchService(NoParameters()), id: "service\(index)") }
        let plan = builder.build()
        let loop = SessionLoop.virtual()
        var sessions: [Session] = []
        sessions.reserveCapacity(count)
        func add(_ number: Int) throws {
            try loop.perform {
                for _ in 0..<number {
                    let session = try Session(plan, call: Call(id: "idle", transport: "bench"), loop: loop)
                    session.assumeIsolated { $0.start() }
                    sessions.append(session)
                }
            }
        }
        try add(100)
        let before = resident_bytes()
        try add(count)
        let after = resident_bytes()
        loop.perform {
            for session in sessions { session.assumeIsolated { $0.end(.cancelled) } }
        }
        return Double(after - before) / Double(count) / 1024
    }
}
