// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import Synchronization

/// What a loop tells the watchdog: which processor of which session holds it.
///
/// The loop alone writes `pass` and `position`, with plain stores; no clock is read on the way of a frame.
final class LoopWatch: Sendable {
    /// Another number each time the loop begins to work for a session.
    let pass = Atomic<UInt64>(0)
    /// Session number and processor that run, see ``position(session:node:)``; 0 when none does.
    let position = Atomic<UInt64>(0)
    /// A position that held the loop for too long; its session is told when the loop is free again.
    let stalled = Atomic<UInt64>(0)
    private let plans = Mutex<[UInt32: PipelinePlan]>([:])

    static func position(session: UInt32, node: Int) -> UInt64 { UInt64(session) << 16 | UInt64(node) }

    func begin() { pass.store(pass.load(ordering: .relaxed) &+ 1, ordering: .relaxed) }
    func claim(_ position: UInt64) { self.position.store(position, ordering: .relaxed) }
    func release() { position.store(0, ordering: .relaxed) }

    func add(session: UInt32, plan: PipelinePlan) { plans.withLock { $0[session] = plan } }

    func remove(session: UInt32) {
        plans.withLock { $0[session] = nil }
        if UInt32(stalled.load(ordering: .relaxed) >> 16) == session { stalled.store(0, ordering: .relaxed) }
    }

    /// The pipeline and the id of the processor at a position.
    func name(at position: UInt64) -> (pipeline: String, processor: String)? {
        plans.withLock { plans in
            guard let plan = plans[UInt32(position >> 16)] else { return nil }
            let node = Int(position & 0xFFFF)
            return (plan.name, plan.nodes.indices.contains(node) ? plan.nodes[node].id : "?")
        }
    }
}

/// A processor that held its loop for longer than the limit, as seen while it still did.
public struct LoopStall: Sendable, Equatable {
    /// Name of its pipeline.
    public let pipeline: String
    /// Id of the processor in it.
    public let processor: String
    /// How long it had held the loop.
    public let held: Duration
}

/// Notices a processor that holds its loop, on a thread of its own, and names it while it still does.
///
/// A thread cannot be taken away from code that runs on it; so the name comes at once, and the processor's error policy
/// is applied as soon as it lets go; but a stall alone never ends a session, for a busy machine can be the cause.
final class LoopWatchdog: Sendable {
    private let isStopped = Atomic<Bool>(false)
    private let watches: [LoopWatch]
    private let limit: Duration
    private let onStall: (@Sendable (LoopStall) -> Void)?

    init(_ watches: [LoopWatch], limit: Duration, onStall: (@Sendable (LoopStall) -> Void)?) {
        self.watches = watches
        self.limit = limit
        self.onStall = onStall
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<LoopWatchdog>.fromOpaque(argument).takeRetainedValue().patrol()
                return nil
            }, argument)
        if status == 0 { pthread_detach(thread) } else { Unmanaged<LoopWatchdog>.fromOpaque(argument).release() }
    }

    /// Ends the thread at its next round.
    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func patrol() {
        var seen = watches.map { _ in (pass: UInt64(0), since: MonotonicClock.now) }
        var pause = timespec()
        pause.tv_nsec = Int(min(max(1_000_000, limit.nanoseconds / 4), 250_000_000))
        while !isStopped.load(ordering: .relaxed) {
            nanosleep(&pause, nil)
            let now = MonotonicClock.now
            for (index, watch) in watches.enumerated() {
                let pass = watch.pass.load(ordering: .relaxed)
                if pass != seen[index].pass || watch.position.load(ordering: .relaxed) == 0 {
                    seen[index] = (pass, now)
                } else if now - seen[index].since > limit {
                    report(watch, held: now - seen[index].since)
                }
            }
        }
    }

    private func report(_ watch: LoopWatch, held: Duration) {
        let position = watch.position.load(ordering: .relaxed)
        guard position != 0, watch.stalled.load(ordering: .relaxed) != position else { return }
        watch.stalled.store(position, ordering: .relaxed)
        guard let name = watch.name(at: position) else { return }
        Logger(label: "pipeline.watchdog").error(
            "A processor holds its event loop; every session there waits. Move the work into a service's offload.",
            metadata: [
                "pipeline": "\(name.pipeline)", "processor": "\(name.processor)",
                "held_ms": "\(Int(held.milliseconds))",
            ])
        onStall?(LoopStall(pipeline: name.pipeline, processor: name.processor, held: held))
    }
}
