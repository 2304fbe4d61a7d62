// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CAllocations
import Glibc
import PipelineKit

/// A processor that is measured, and the frames that it is given.
struct Subject {
    let name: String
    let plan: CompiledPlan
    let frames: [Frame]

    init(_ name: String, frames: [Frame], _ add: (inout PipelineBuilder) -> Void) {
        self.name = name
        self.frames = frames
        var builder = PipelineBuilder(name)
        builder.add(Caller(NoParameters()))
        add(&builder)
        builder.add(Discard(NoParameters()))
        plan = builder.build()
    }

    /// What one frame costs, once everything is warm.
    ///
    /// The two processors around the subject are counted too; they allocate nothing.
    func measure() throws -> Measurement {
        let (loop, plan, frames) = (SessionLoop.virtual(), plan, frames)
        let session = try loop.perform { try Session(plan, call: Call(id: name, transport: "bench"), loop: loop) }
        // A round is less than a queue holds: nothing is dropped.
        func run(_ rounds: Int) {
            for _ in 0..<rounds {
                loop.perform {
                    session.assumeIsolated { session in for frame in frames { session.push(frame) } }
                }
            }
        }
        loop.perform { session.assumeIsolated { $0.start() } }
        run(20)
        allocations_begin()
        run(10)
        let allocations = Double(allocations_end()) / Double(10 * frames.count)
        let times = (0..<7).map { _ in
            let start = clock()
            run(50)
            return Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1e9 / Double(50 * frames.count)
        }
        loop.perform { session.assumeIsolated { $0.end(.cancelled) } }
        return Measurement(name: name, allocations: allocations, nanoseconds: times.sorted()[3])
    }
}

/// What a frame costs in a processor.
struct Measurement {
    let name: String
    /// Heap allocations per frame; those of the frames that it makes are among them.
    let allocations: Double
    /// Nanoseconds of CPU per frame, the median of seven runs.
    let nanoseconds: Double
}

/// Takes every frame out of the flow.
struct Discard: Processor {
    static let name = "discard"
    static let summary = "Takes every frame out of the flow."

    init(_ parameters: NoParameters) {}
    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {}
}

/// Passes every frame on.
struct Pass: Processor {
    static let name = "pass"
    static let summary = "Passes every frame on."

    init(_ parameters: NoParameters) {}
    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
}

/// Passes every frame on, from behind a queue.
final class QueuedPass: Service {
    static let name = "queued_pass"
    static let summary = "Passes every frame on, from behind a queue."

    init(_ parameters: NoParameters) {}
    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await output.emit(frame)
    }
}
