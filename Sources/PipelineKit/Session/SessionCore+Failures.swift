// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// How often a node failed.
struct FailureCount {
    var total = 0
    var recent: [MediaTime] = []
}

extension SessionCore {
    /// Takes what a node threw.
    func failed(_ slot: SlotPointer, _ error: any Error) {
        if error is CancellationError { return }
        let index = slot.pointee.index
        var failure = PipelineError(wrapping: error)
        if failure.processor.isEmpty {
            failure.processor = plan.nodes[index].id
            failure.mark = plan.nodes[index].mark
        }
        failure.turn = timeline.turn
        deferWork(.failure(failure, node: index))
    }

    /// Applies a node's error policy.
    func handle(_ error: PipelineError, node index: Int) {
        failures[index, default: FailureCount()].total += 1
        let total = failures[index]?.total ?? 1
        // A processor that fails at every frame is not to drown everything else.
        if total <= 10 || total.nonzeroBitCount == 1 {
            report(.error(error))
            sendUpstream(stamped(Frame(ErrorReport(error), at: now), cause: .none), from: slots + index)
        }
        guard lifecycle.isRunning else { return }
        switch plan.nodes[index].onError {
        case .continue: break
        case .restart(let attempts, let period): restart(index, error, attempts: attempts, period: period)
        case .failover: failOver(index, error)
        case .end: end(.failed(error))
        }
    }

    private func restart(_ index: Int, _ error: PipelineError, attempts: Int, period: Duration) {
        var recent = failures[index]?.recent ?? []
        recent.removeAll { now - $0 > period }
        recent.append(now)
        failures[index]?.recent = recent
        guard recent.count <= attempts else { return end(.failed(error)) }
        cancelWakes(of: nodes[index])
        attempt(slots + index) { try nodes[index].restart($0) }
        schedulePump(index)
    }

    private func failOver(_ index: Int, _ error: PipelineError) {
        let next = alternatives[index, default: 0] + 1
        guard next < plan.nodes[index].makers.count else { return end(.failed(error)) }
        alternatives[index] = next
        let old = nodes[index]
        do {
            let node = try plan.nodes[index].makers[next].make()
            node.queue = old.queue
            node.live = LiveMark(loop)
            node.isPaused = false
            nodes[index] = node
            // The queue, which other slots know, goes over to the new node.
            slots[index].node = .passUnretained(node)
            cancelWakes(of: old)
            old.replaced(slots + index)
            if old.hasLiveRun { replaced.append((index, old)) }
            attempt(slots + index) { try node.start($0) }
            schedulePump(index)
        } catch {
            failed(slots + index, error)
        }
    }
}

extension SessionCore {
    /// The error with the node's place in it.
    func attributed(_ error: PipelineError, _ slot: SlotPointer) -> PipelineError {
        var error = error
        error.processor = plan.nodes[slot.pointee.index].id
        error.mark = plan.nodes[slot.pointee.index].mark
        error.turn = timeline.turn
        return error
    }
}
