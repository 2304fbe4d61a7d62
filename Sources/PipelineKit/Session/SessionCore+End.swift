// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension SessionCore {
    // MARK: Start

    func start() {
        guard lifecycle.start() else { return }
        watch.add(session: number, plan: plan)
        report(.started)
        durationTimer = setTimer(after: plan.limits.duration, .duration)
        armIdleTimer()
        pass {
            for index in nodes.indices { attempt(slots + index) { try nodes[index].start($0) } }
        }
    }

    /// Somebody spoke, or a key was pressed.
    func noteActivity() { lastActivity = now }

    private func armIdleTimer() {
        let remaining = plan.limits.idle - (now - lastActivity)
        idleTimer = setTimer(after: max(remaining, .milliseconds(10)), .idle)
    }

    // MARK: End

    /// Asks for the end.
    ///
    /// Only the first call has an effect, but that a cancellation ends a drain.
    ///
    /// A processor may ask while it works on a frame; so what follows waits until it has returned.
    func end(_ reason: EndReason) {
        if case .hungUp = reason, !isPeerGone, lifecycle.isRunning || lifecycle.isDraining { deferWork(.peerGone) }
        let action = lifecycle.end(reason)
        if action != .nothing { deferWork(.end(action)) }
        settleIfIdle()
    }

    func carryOut(_ action: SessionLifecycle.EndAction) {
        switch action {
        case .drain where lifecycle.isDraining: beginDrain()
        case .cancel: beginCancel()
        case .drain, .nothing: break
        }
    }

    /// Nobody hears the rest of the reply; what the caller said last is still understood.
    func losePeer() {
        guard !isPeerGone else { return }
        isPeerGone = true
        interrupt("hung up", busy: [])
    }

    private func beginDrain() {
        limitTimer = setTimer(after: plan.limits.drain, .drain)
        for source in graph.sources { offerEnd(to: source, input: 0) }
    }

    /// Nothing more comes to a node: it emits what it holds, then the nodes after it are told.
    func endReached(_ slot: SlotPointer) {
        let index = slot.pointee.index
        endsReached[index, default: 0] += 1
        guard endsReached[index, default: 0] >= max(1, plan.nodes[index].inputs.count) else { return }
        if nodes[index].pullsItself, let queue = nodes[index].queue {
            _ = queue.append(.init(frame: .endOfInput(at: now), since: now, input: 0))
            return schedulePump(index)
        }
        attempt(slot) { try nodes[index].finish($0) }
        passEndOn(slot)
    }

    func passEndOn(_ slot: SlotPointer) {
        for link in graph.links[slot.pointee.index] { offerEnd(to: link.node, input: link.input) }
    }

    /// The end keeps its place behind the frames that wait before a node.
    private func offerEnd(to index: Int, input: Int) {
        guard let queue = nodes[index].queue, !nodes[index].pullsItself else { return endReached(slots + index) }
        _ = queue.append(.init(frame: .endOfInput(at: now), since: now, input: input))
        schedulePump(index)
    }

    /// Whether nothing waits and nobody has anything left to do without further input.
    var isQuiet: Bool { nodes.allSatisfy { ($0.queue?.isEmpty ?? true) && $0.isIdle } }

    func finishDrainWhenQuiet() {
        guard isQuiet else { return }
        if lifecycle.drained() { beginCancel() }
    }

    private func beginCancel() {
        if let limitTimer { loop.cancel(limitTimer) }
        limitTimer = setTimer(after: plan.limits.cancel, .cancel)
        for node in nodes {
            cancelWakes(of: node)
            node.cancelAll()
            node.queue?.removeAll()
        }
        finishWhenReleased()
    }

    func runEnded() {
        liveRuns -= 1
        replaced.removeAll { !$0.node.hasLiveRun }
        finishWhenReleased()
    }

    private func finishWhenReleased() {
        guard liveRuns == 0, lifecycle.finish() else { return }
        tearDown(abandoned: [])
    }

    func limitReached(_ limit: LimitTimer) {
        switch limit {
        case .drain:
            if lifecycle.drained() { beginCancel() }
        case .cancel:
            guard lifecycle.finish() else { return }
            let stuck = nodes.indices.filter { nodes[$0].hasLiveRun } + replaced.map(\.index)
            tearDown(abandoned: Set(stuck).sorted().map { plan.nodes[$0].id })
        case .idle:
            guard now - lastActivity >= plan.limits.idle else { return armIdleTimer() }
            end(.idle)
        case .duration: end(.tooLong)
        }
    }

    private func tearDown(abandoned: [String]) {
        let reason = lifecycle.reason ?? .cancelled
        for id in abandoned {
            var error = PipelineError(.bug, "did not return within the cancel limit and was abandoned")
            error.processor = id
            error.mark = plan.nodes.first { $0.id == id }?.mark
            report(.error(error))
        }
        cancelAllTimers()
        let report = SessionReport(
            reason: reason, duration: now - .zero, abandoned: abandoned, processors: statistics())
        for (_, node) in replaced { node.detach() }
        replaced = []
        for node in nodes {
            node.detach()
            node.stop()
            node.queue?.removeAll()
        }
        call.output.remember(remembered())
        call.output.close(reason)
        releaseShared()
        onRoom = nil
        watch.remove(session: number)
        loop.sessionCount.subtract(1, ordering: .relaxed)
        self.report(.ended(report))
        let waiting = onEnded
        onEnded = []
        finalReport = report
        for resume in waiting { resume(report) }
    }

    // MARK: Figures

    func statistics() -> [ProcessorStatistics] {
        nodes.indices.map { index in
            let slot = slots[index]
            let queue = nodes[index].queue
            var dropped = drops[index] ?? [:]
            for (reason, count) in [
                ("stale", queue?.stale), ("queue_full", queue?.dropped), ("flood", queue?.flooded),
            ] {
                if let count, count > 0 { dropped[reason, default: 0] += count }
            }
            return ProcessorStatistics(
                id: plan.nodes[index].id, framesIn: Int(slot.framesIn), framesOut: Int(slot.framesOut),
                framesDropped: dropped,
                meanProcessDuration: slot.timedFrames == 0
                    ? nil : .nanoseconds(slot.timedNanoseconds / Int64(slot.timedFrames)),
                longestProcessDuration: slot.timedFrames == 0 ? nil : .nanoseconds(slot.longestNanoseconds),
                queueDepth: queue?.count ?? 0, queuePeak: queue?.peak ?? 0, queueAge: queue?.oldest.map { now - $0 },
                queuePolicy: queue?.settings.whenFull)
        }
    }
}
