// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Runs a service: one task that takes frames from the queue, one at a time.
///
/// Touched by its session's loop alone.
final class ServiceNode<S: Service>: Node, RoomWaiting {
    private let factory: () throws -> S
    @exclusivity(unchecked) private var service: S
    @exclusivity(unchecked) private var run: ServiceRun<S>?
    /// Cancelled runs that have not returned.
    @exclusivity(unchecked) private var retiring: [ServiceRun<S>] = []
    /// What the service does beside its frames.
    @exclusivity(unchecked) private var works: [BackgroundWork] = []
    @exclusivity(unchecked) private unowned(unsafe) var core: SessionCore?
    @exclusivity(unchecked) private var slot: SlotPointer?
    @exclusivity(unchecked) private var hasEverAnswered = false
    @exclusivity(unchecked) private var roomWaiters: [UnsafeContinuation<Void, Never>] = []

    init(_ factory: @escaping () throws -> S) throws {
        self.factory = factory
        service = try factory()
    }

    deinit { detachRuns() }

    override var pullsItself: Bool { true }
    override var hasLiveRun: Bool { run != nil || !retiring.isEmpty || !works.isEmpty }
    override var isIdle: Bool { works.isEmpty && (run.map { $0.isStarted && $0.inFlight == nil } ?? true) }

    override func start(_ slot: SlotPointer) {
        core = slot.pointee.core.takeUnretainedValue()
        self.slot = slot
        launch(after: nil)
    }

    private func launch(after predecessor: ServiceRun<S>?) {
        guard let core, let slot else { return }
        let output = ServiceOutput(slot: slot, node: self)
        let run = ServiceRun(
            service, node: self, output: output, loop: core.loop,
            isReplaceable: core.plan.nodes[slot.pointee.index].makers.count > 1, after: predecessor)
        self.run = run
        core.liveRuns += 1
        if !run.isStarted { run.setLimit(core.plan.limits.start) }
        let isolation = core.loop.isolation
        run.task = Task(executorPreference: core.loop) { await run.main(on: isolation) }
    }

    /// A run has returned.
    func ended(_ run: ServiceRun<S>) {
        if self.run === run { self.run = nil }
        retiring.removeAll { $0 === run }
        guard let core else { return }
        core.pass { core.runEnded() }
    }

    /// The run's service did not do its work: what it threw is the node's failure.
    func failed(_ error: any Error) {
        guard let core, let slot else { return }
        core.pass { core.failed(slot, error) }
    }

    // MARK: Frames

    override func process(_ frame: Frame, _ slot: SlotPointer) {
        preconditionFailure("frames reach a service through its queue")
    }

    override func processUrgent(_ frame: Frame, _ slot: SlotPointer) throws {
        var context = ProcessorContext(slot, cause: frame.header)
        try service.receive(frame, &context)
    }

    override func receiveUpstream(_ frame: Frame, _ slot: SlotPointer) throws {
        var context = ProcessorContext(slot, cause: frame.header)
        try service.receiveUpstream(frame, &context)
    }

    override func framesArrived() { run?.resume() }

    /// The next frame for a run, unless it has been replaced.
    func takeItem(for run: ServiceRun<S>) -> FrameQueue.Item? {
        guard self.run === run, let slot else { return nil }
        return slot.pointee.core._withUnsafeGuaranteedRef { core in
            guard let item = core.takeFrame(slot) else { return nil }
            if !item.frame.header.flags.contains(.endOfInput) { slot.pointee.framesIn &+= 1 }
            if item.frame.header.isReply { core.noteTaken(item.frame) }
            // The segment before the queue may have waited for the room.
            core.settleIfIdle()
            return item
        }
    }

    func endReached(by run: ServiceRun<S>) {
        guard self.run === run, let core, let slot else { return }
        core.pass { core.passEndOn(slot) }
    }

    /// Whether the drain of the session may be over now that a frame is done.
    func becameIdle() {
        slot?.pointee.core._withUnsafeGuaranteedRef { core in
            if core.lifecycle.isDraining { core.pass {} }
        }
    }

    // MARK: Background

    func begin(_ body: @escaping BackgroundWork.Body, cause: FrameHeader) -> BackgroundWork? {
        guard let core, let slot else { return nil }
        let output = ServiceOutput(slot: slot, node: self)
        output.cause = cause
        core.liveRuns += 1
        let work = BackgroundWork(core.loop, output, body: body) { [unowned self] in ended($0) }
        works.append(work)
        return work
    }

    private func ended(_ work: BackgroundWork) {
        works.removeAll { $0 === work }
        guard let core else { return }
        core.pass { core.runEnded() }
    }

    // MARK: Room

    /// Returns when every blocking queue behind the service has room, or the work is cancelled.
    nonisolated(nonsending) func waitForRoom() async {
        while let slot, !Task.isCancelled, !slot.hasRoomBehind {
            await withUnsafeContinuation { continuation in
                // The task may have been suspended before this line: look again.
                if Task.isCancelled || slot.hasRoomBehind {
                    continuation.resume()
                } else {
                    roomWaiters.append(continuation)
                }
            }
        }
    }

    override func roomAppeared() {
        let waiting = roomWaiters
        roomWaiters = []
        for continuation in waiting { continuation.resume() }
    }

    // MARK: Interruption and end

    override func interrupted(_ interruption: Interruption, _ slot: SlotPointer) {
        service.interrupted(interruption)
    }

    override func cancelStaleWork(_ epoch: TurnEpoch) {
        guard let run, let frame = run.inFlight, frame.isStale(in: epoch) else { return }
        retire(run)
        launch(after: run)
    }

    private func retire(_ run: ServiceRun<S>) {
        retiring.append(run)
        self.run = nil
        run.cancel()
        // At the end of a session its own limit holds.
        if let core, core.lifecycle.worksOn { run.setLimit(core.plan.limits.cancel) }
        roomAppeared()
    }

    /// Ends a run and its service: nothing that it still emits counts.
    private func dispose() {
        for work in works { work.dispose() }
        guard let run else { return }
        run.disposesService = true
        retire(run)
        run.revoke()
    }

    /// A run has reached its time limit.
    func limitReached(by run: ServiceRun<S>) {
        guard let core else { return }
        core.pass {
            if retiring.contains(where: { $0 === run }) { return abandon(run) }
            guard let slot, self.run === run, !run.isStarted else { return }
            core.failed(
                slot,
                PipelineError(.provider, "did not start within \(core.plan.limits.start.parameterText) (limits.start)"))
        }
    }

    /// Lets go of a cancelled run that has not returned; its successor gets a service of its own.
    private func abandon(_ run: ServiceRun<S>) {
        guard let core, let slot, core.lifecycle.worksOn else { return }
        let limit = core.plan.limits.cancel.parameterText
        let message = "did not return within \(limit) (limits.cancel) of being cancelled; it was abandoned and replaced"
        core.report(.error(core.attributed(PipelineError(.bug, message), slot)))
        retiring.removeAll { $0 === run }
        run.disposesService = true
        run.detach()
        core.runEnded()
        // Nobody waits for the run when its service was replaced already.
        guard let successor = self.run, successor.follows(run) else { return }
        retire(successor)
        do { service = try factory() } catch { return core.failed(slot, error) }
        launch(after: nil)
    }

    override func restart(_ slot: SlotPointer) throws {
        dispose()
        service = try factory()
        launch(after: nil)
    }

    override var legacy: ServiceLegacy { run?.legacy ?? ServiceLegacy() }

    override var hasAnswered: Bool { hasEverAnswered || run?.isAnswering == true }

    /// Something came of a frame that a run took.
    func noteAnswered() { hasEverAnswered = true }

    /// How long a reply may be awaited before an alternative is given the frame; `nil` if nobody is left to try.
    var answerLimit: Duration? {
        guard let core, let slot else { return nil }
        return core.answerLimit(slot.pointee.index)
    }

    /// Nothing came of the frame in work in time.
    func answerLimitReached(by run: ServiceRun<S>) {
        guard self.run === run, let limit = answerLimit else { return }
        failed(PipelineError(.provider, "nothing came within \(limit.parameterText) (answer_within)"))
    }

    override func replaced(_ slot: SlotPointer) { dispose() }

    override func cancelAll() { dispose() }

    private func detachRuns() {
        run?.detach()
        for run in retiring { run.detach() }
        for work in works { work.detach() }
        run = nil
        retiring = []
        works = []
    }

    override func detach() {
        detachRuns()
        core = nil
        slot = nil
        roomAppeared()
    }
}
