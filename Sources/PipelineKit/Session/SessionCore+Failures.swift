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
            let told = told(error, of: index)
            report(.error(told))
            sendUpstream(stamped(Frame(ErrorReport(told), at: now), cause: .none), from: slots + index)
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

    // MARK: Failing over

    /// The error, with the name of whoever takes the place of the processor.
    private func told(_ error: PipelineError, of index: Int) -> PipelineError {
        guard lifecycle.isRunning, plan.nodes[index].onError == .failover, hasAlternative(index) else { return error }
        let makers = plan.nodes[index].makers
        let next = makers[(alternatives[index, default: Alternative()].position + 1) % makers.count]
        var error = error
        error.message += "; \(next.name) takes its place"
        return error
    }

    /// Whether somebody is left to try for what the node has failed at.
    private func hasAlternative(_ index: Int) -> Bool {
        let failures = nodes[index].hasAnswered ? 0 : alternatives[index, default: Alternative()].failures
        return failures + 1 < plan.nodes[index].makers.count
    }

    /// How long a reply of a node may be awaited; without end if nobody else could give one.
    func answerLimit(_ index: Int) -> Duration? {
        guard let limit = plan.nodes[index].answerWithin, hasAlternative(index) else { return nil }
        return limit
    }

    private func failOver(_ index: Int, _ error: PipelineError) {
        guard hasAlternative(index) else { return end(.failed(error)) }
        let legacy = nodes[index].legacy
        var alternative = alternatives[index, default: Alternative()]
        alternative.failures = nodes[index].hasAnswered ? 1 : alternative.failures + 1
        alternative.position = (alternative.position + 1) % plan.nodes[index].makers.count
        alternatives[index] = alternative
        report(.metric(name: "\(plan.nodes[index].id).failovers", value: 1))
        do {
            try replace(index, by: plan.nodes[index].makers[alternative.position].make(), legacy)
        } catch {
            failed(slots + index, error)
        }
    }

    private func replace(_ index: Int, by node: Node, _ legacy: ServiceLegacy) throws {
        let slot = slots + index
        let old = nodes[index]
        node.queue = old.queue
        node.live = LiveMark(loop)
        node.isPaused = false
        nodes[index] = node
        // The queue, which other slots know, goes over to the new node.
        slot.pointee.node = .passUnretained(node)
        cancelWakes(of: old)
        old.replaced(slot)
        if old.hasLiveRun { replaced.append((index, old)) }
        let returned = legacy.unanswered.map { FrameQueue.Item(frame: $0, since: now, input: 0) } + legacy.inWork
        node.queue?.putBack(returned)
        if let frame = legacy.brokenOff { breakOff(frame, slot) }
        attempt(slot) { try node.start($0) }
        schedulePump(index)
    }

    /// Ends a response that a model has begun and cannot go on with: what there is of it is spoken, and the turn is over.
    private func breakOff(_ frame: Frame, _ slot: SlotPointer) {
        guard let request = frame[ModelRequest.self], !frame.header.isStale(in: epoch) else { return }
        slot.forward(stamped(Frame(ResponseEnded(turn: request.turn), at: now), cause: frame.header))
    }
}

/// Which of its alternatives a node has come to.
struct Alternative {
    /// Which of the node's makers made it.
    var position = 0
    /// How many in a row have failed without an answer.
    var failures = 0
}

/// What a service leaves to the one that takes its place.
struct ServiceLegacy {
    /// Frames that it still owes an answer to.
    var unanswered: [Frame] = []
    /// The frame in work, if nothing came of it.
    var inWork: [FrameQueue.Item] = []
    /// The frame in work, if something came of it.
    var brokenOff: Frame?
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
