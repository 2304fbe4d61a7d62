// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One running instance of a pipeline: one call, one scope, one core.
///
/// The actor's executor is the loop that the session is confined to; transports on that loop enter with
/// `assumeIsolated` and no hop. After ``end(_:)`` has taken its course no task, timer, queue or carrier leg remains.
public actor Session {
    private static let numbers = Atomic<UInt32>(0)

    /// The loop that the session runs on.
    public nonisolated let loop: SessionLoop
    /// The call that the session serves.
    public nonisolated let call: Call
    let core: SessionCore

    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// Makes the processors of a session.
    ///
    /// Call on `loop`; the session begins with ``start()``.
    ///
    /// - Throws: What a processor's `init` throws; nothing remains then.
    public init(
        _ plan: CompiledPlan, call: Call, loop: SessionLoop, observer: (any SessionObserver)? = nil
    ) throws {
        self.loop = loop
        self.call = call
        core = try SessionCore(
            number: Self.numbers.add(1, ordering: .relaxed).newValue, plan: plan.plan, graph: plan.graph, call: call,
            loop: loop, observer: observer)
        loop.sessionCount.add(1, ordering: .relaxed)
    }

    /// Makes a session on `loop` and starts it.
    public static func start(
        _ plan: CompiledPlan, call: Call, on loop: SessionLoop, observer: (any SessionObserver)? = nil
    ) async throws -> Session {
        let session = try await Task(executorPreference: loop) {
            try Session(plan, call: call, loop: loop, observer: observer)
        }.value
        await session.start()
        return session
    }

    /// Starts the processors and takes frames.
    public func start() { core.start() }

    /// The session's time.
    public var now: MediaTime {
        loop.catchUp()
        return core.now
    }

    /// Takes a frame from the transport.
    ///
    /// Ignored once the session ends.
    ///
    /// - Parameter source: Which of the graph's sources, in graph order.
    public func push(_ frame: Frame, source: Int = 0) {
        guard core.graph.sources.indices.contains(source) else { return }
        if let onInput = core.call.onInput { onInput(frame) }
        core.push(frame, into: core.graph.sources[source])
    }

    /// Whether the transport may go on reading; a live source goes on regardless and lets queues drop.
    public var hasRoom: Bool { core.graph.sources.allSatisfy { core.hasRoom(behind: $0) } }

    /// Calls `body` on the loop whenever ``hasRoom`` may have become true.
    public func onRoom(_ body: @escaping @Sendable () -> Void) { core.onRoom = body }

    /// Ends the reply in progress, as when the caller speaks over it.
    public func interrupt(_ reason: String) { core.interrupt(reason) }

    /// Ends the session: drains, then cancels, then abandons, each within its limit.
    ///
    /// Only the first reason counts.
    public func end(_ reason: EndReason) { core.end(reason) }

    /// Returns when the session is over and everything is released.
    public func ended() async -> SessionReport {
        if let report = core.finalReport { return report }
        return await withCheckedContinuation { continuation in
            if let report = core.finalReport { return continuation.resume(returning: report) }
            core.onEnded.append { continuation.resume(returning: $0) }
        }
    }

    /// Tells whoever watches the session what the transport noticed.
    public func report(_ event: SessionEvent) { core.report(event) }

    /// The counters of every processor, in graph order.
    public var statistics: [ProcessorStatistics] { core.statistics() }
}
