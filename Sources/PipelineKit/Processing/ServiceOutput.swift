// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A service's way out: emit, sleep on the session's clock, compute off the loop.
///
/// `@unchecked Sendable`: used on the session's loop alone, by the service's task and the child tasks that inherit its
/// executor. After the session has ended, or the service was replaced, it refuses everything.
public final class ServiceOutput: @unchecked Sendable {
    // Set until the node lets go of the run, which it does before the slots are freed.
    @exclusivity(unchecked) private var slot: SlotPointer?
    @exclusivity(unchecked) private unowned(unsafe) var node: (any RoomWaiting)?
    /// Number of the input by which the frame in work came, in the order of the entry's `after:`.
    @exclusivity(unchecked) public internal(set) var input = 0
    /// The frame in work; new frames inherit from it.
    @exclusivity(unchecked) var cause = FrameHeader.none
    @exclusivity(unchecked) private var emitted = UInt64(0)
    /// Whether anything came of the frame in work but the announcement of a reply; of meaning where another service may
    /// be given the frame.
    @exclusivity(unchecked) var hasAnswered = true

    init(slot: SlotPointer, node: any RoomWaiting) {
        self.slot = slot
        self.node = node
    }

    func detach() {
        slot = nil
        node = nil
    }

    /// Tells the watchdog whose work the loop does now, after a wait.
    func claimLoop() {
        guard let slot else { return }
        slot.pointee.core._withUnsafeGuaranteedRef { $0.watch.claim(slot.pointee.position) }
    }

    private var core: SessionCore? { slot?.pointee.core.takeUnretainedValue() }

    // MARK: Frames

    /// Emits a frame downstream, then waits while a queue behind the service is full.
    ///
    /// - Throws: `CancellationError` when the frame belongs to a reply that is over, or the session is.
    nonisolated(nonsending) public func emit(_ frame: Frame) async throws {
        try send(frame)
        guard let slot, let node else { return }
        emitted &+= 1
        if !slot.hasRoomBehind {
            await node.waitForRoom()
        } else if emitted % 256 == 0 {
            // One that emits without end is not to keep the loop from everybody else.
            await Task.yield()
        } else {
            return
        }
        claimLoop()
        try Task.checkCancellation()
    }

    /// Emits a new frame downstream, caused by the frame in work.
    nonisolated(nonsending) public func emit<Payload: FramePayload>(
        _ payload: Payload, at mediaTime: MediaTime? = nil, isUninterruptible: Bool = false
    ) async throws {
        try await emit(
            Frame(
                payload, at: mediaTime ?? (cause.id == .none ? now : cause.mediaTime),
                isUninterruptible: isUninterruptible))
    }

    /// Emits a frame in both directions: what processors before the service need to know, such as a transcript.
    nonisolated(nonsending) public func broadcast<Payload: FramePayload>(
        _ payload: Payload, at mediaTime: MediaTime
    ) async throws {
        guard let core, let slot else { throw CancellationError() }
        hasAnswered = true
        let frame = core.stamped(Frame(payload, at: mediaTime), cause: cause)
        guard !frame.header.isStale(in: core.epoch) else {
            core.countDrop("stale", slot)
            throw CancellationError()
        }
        core.pass {
            slot.forward(frame)
            core.sendUpstream(frame, from: slot)
        }
        await node?.waitForRoom()
        claimLoop()
        try Task.checkCancellation()
    }

    /// Sends a frame to every processor before the service, nearest first; it inherits from the frame in work.
    public func emitUpstream<Payload: FramePayload>(_ payload: Payload) {
        guard let core, let slot else { return }
        core.sendUpstream(core.stamped(Frame(payload, at: now), cause: cause), from: slot)
    }

    private func send(_ frame: Frame) throws {
        guard let slot else { throw CancellationError() }
        if !hasAnswered { hasAnswered = frame[ResponseStarted.self] == nil }
        try slot.pointee.core._withUnsafeGuaranteedRef { core in
            let isNew = frame.header.id == .none
            let frame = isNew ? core.stamped(frame, cause: cause) : frame
            if frame.header.isReply {
                guard !frame.header.isStale(in: core.epoch) else {
                    core.countDrop("stale", slot)
                    throw CancellationError()
                }
                if isNew { core.noteEmitted(frame) }
            }
            core.pass { slot.forward(frame) }
        }
    }

    // MARK: Time and work

    /// The loop that the session runs on; `nil` after its end.
    package var loop: SessionLoop? { core?.loop }

    /// The session's time; zero after its end.
    public var now: MediaTime { core?.now ?? .zero }

    /// Waits on the session's clock, which is virtual in tests.
    ///
    /// - Throws: `CancellationError`.
    nonisolated(nonsending) public func sleep(for duration: Duration) async throws {
        guard let core else { throw CancellationError() }
        let sleeper = Sleeper(core.loop)
        await withTaskCancellationHandler {
            await sleeper.sleep(until: core.loop.now + duration)
        } onCancel: {
            sleeper.wakeFromAnywhere()
        }
        claimLoop()
        try Task.checkCancellation()
    }

    /// Runs CPU-heavy or blocking work on the process's worker pool; at once in virtual time.
    ///
    /// - Throws: What `work` throws, or ``WorkerPool/Error``.
    nonisolated(nonsending) public func offload<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        guard let workers = core?.loop.workers else { throw CancellationError() }
        defer { claimLoop() }
        return try await workers.run(work)
    }

    /// Does work beside the frames, on the session's loop: it outlives the frame in work, and interruptions too.
    ///
    /// What it emits is caused by the frame in work, and refused once that is stale. A draining session waits for the
    /// work. It is cancelled when the session ends or the service is replaced, and must then return soon.
    ///
    /// - Returns: `nil` when the session is over, and nothing is done.
    @discardableResult
    public func inBackground(_ body: @escaping BackgroundWork.Body) -> BackgroundWork? {
        node?.begin(body, cause: cause)
    }

    /// Whether interruptions leave alone what is in work.
    public var isUninterruptible: Bool { cause.isUninterruptible }

    /// Whether what is in work belongs to a reply that an interruption has ended, or the session is over.
    public var isStale: Bool { core.map { cause.isStale(in: $0.epoch) } ?? true }

    // MARK: Session

    /// The service's id in the pipeline; empty after the session's end.
    public var processorID: String {
        guard let slot, let core else { return "" }
        return core.plan.nodes[slot.pointee.index].id
    }

    /// The call that the session serves.
    public var call: Call? { core?.call }

    /// Whether the far end can still hear anything.
    public var isPeerGone: Bool { core?.isPeerGone ?? true }

    /// An object that the session's processors share; made by the first that asks.
    ///
    /// `nil` after the session's end.
    public func shared<Object: AnyObject>(_ make: () -> Object) -> Object? { core?.shared(make) }

    /// What the loop's owner lends in place of the real thing, as tests do; usually nothing.
    package func lent<Loan: Sendable>(_ type: Loan.Type) -> Loan? { core?.loop.loan(type) }

    /// Counts a frame that was dropped, by reason.
    public func drop(_ reason: String) {
        guard let slot else { return }
        core?.countDrop(reason, slot)
    }

    /// Reports something to whoever watches the session.
    public func report(_ event: SessionEvent) { core?.report(event) }

    /// Ends the session.
    public func end(_ reason: EndReason) { core?.end(reason) }
}

/// A node as its service's output knows it: waits for room behind it, and begins work beside its frames.
protocol RoomWaiting: AnyObject {
    nonisolated(nonsending) func waitForRoom() async
    func begin(_ body: @escaping BackgroundWork.Body, cause: FrameHeader) -> BackgroundWork?
}
