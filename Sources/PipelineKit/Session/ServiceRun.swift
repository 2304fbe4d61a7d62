// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// One life of a service's task: from the start, a restart or an interruption to the next one or the end.
///
/// `@unchecked Sendable`: the task's executor is the session's loop, and everything else here is called there too.
/// Once detached, a run knows nothing of its session, so that one which never returns keeps nothing alive but itself.
final class ServiceRun<S: Service>: TimerTarget, @unchecked Sendable {
    private let service: S
    private let loop: SessionLoop
    private let live: LiveMark
    /// When the run must have started, or returned.
    @exclusivity(unchecked) private var limit: TimerID?
    /// When something must have come of the frame in work.
    @exclusivity(unchecked) private var answerLimit: TimerID?
    @exclusivity(unchecked) private var node: ServiceNode<S>?
    private let output: ServiceOutput
    @exclusivity(unchecked) private var predecessor: ServiceRun<S>?
    @exclusivity(unchecked) private var waiter: UnsafeContinuation<Void, Never>?
    private var successors: [UnsafeContinuation<Void, Never>] = []
    @exclusivity(unchecked) private var isOver = false
    @exclusivity(unchecked) private var isCancelled = false
    @exclusivity(unchecked) private(set) var isStarted: Bool
    /// Whether another service may take the place of this one, which is then given what it leaves.
    private let isReplaceable: Bool
    /// The header of the frame in work.
    @exclusivity(unchecked) private(set) var inFlight: FrameHeader?
    /// The frame in work, if the service is replaceable.
    @exclusivity(unchecked) private var item: FrameQueue.Item?
    /// Whether the service ends with this run.
    var disposesService = false
    var task: Task<Void, Never>?

    init(
        _ service: S, node: ServiceNode<S>, output: ServiceOutput, loop: SessionLoop, isReplaceable: Bool,
        after predecessor: ServiceRun<S>?
    ) {
        self.isReplaceable = isReplaceable
        self.service = service
        self.loop = loop
        live = LiveMark(loop)
        self.node = node
        self.output = output
        self.predecessor = predecessor
        isStarted = predecessor != nil
    }

    func main(on loop: isolated LoopIsolation) async {
        if let predecessor {
            await predecessor.over()
            self.predecessor = nil
        }
        if !isStarted {
            output.claimLoop()
            do {
                try await service.start(output)
            } catch {
                if !isCancelled { node?.failed(error) }
            }
            isStarted = true
            clearLimit(unless: isCancelled)
        }
        while let item = await next() { await work(on: item) }
        if disposesService { await service.stop() }
        isOver = true
        for successor in successors { successor.resume() }
        successors = []
        let node = node
        detach()
        node?.ended(self)
    }

    nonisolated(nonsending) private func work(on item: FrameQueue.Item) async {
        let frame = item.frame
        inFlight = frame.header
        output.cause = frame.header
        output.input = item.input
        if isReplaceable { begin(item) }
        output.claimLoop()
        do {
            if frame.header.flags.contains(.endOfInput) {
                try await service.finish(output)
            } else {
                try await service.process(frame, output)
            }
        } catch {
            if !(error is CancellationError), !isCancelled { node?.failed(error) }
        }
        // Whatever became of the service, those after it must finish too.
        if frame.header.flags.contains(.endOfInput) { node?.endReached(by: self) }
        if isReplaceable { finishItem() }
        inFlight = nil
        output.cause = .none
        node?.becameIdle()
    }

    private func begin(_ item: FrameQueue.Item) {
        self.item = item
        output.hasAnswered = false
        setAnswerLimit(item.frame)
    }

    private func finishItem() {
        if output.hasAnswered { node?.noteAnswered() }
        item = nil
        clearAnswerLimit()
    }

    /// Whether anything has come of the frame in work.
    var isAnswering: Bool { item != nil && output.hasAnswered }

    /// What another service is to be given in the place of this one.
    var legacy: ServiceLegacy {
        let owed = item.map { [$0] } ?? []
        return ServiceLegacy(
            unanswered: service.unanswered, inWork: output.hasAnswered ? [] : owed,
            brokenOff: output.hasAnswered ? item?.frame : nil)
    }

    nonisolated(nonsending) private func next() async -> FrameQueue.Item? {
        while !isCancelled, let node {
            if let item = node.takeItem(for: self) { return item }
            await withUnsafeContinuation { continuation in
                // The task may have been suspended before this line: look again.
                if isCancelled || node.queue?.isEmpty == false {
                    continuation.resume()
                } else {
                    waiter = continuation
                }
            }
        }
        return nil
    }

    /// Lets the run look for frames again.
    func resume() {
        guard let waiter else { return }
        self.waiter = nil
        waiter.resume()
    }

    func cancel() {
        isCancelled = true
        clearAnswerLimit()
        task?.cancel()
        resume()
    }

    // MARK: Limits

    /// Sets the time at which the run must have got on.
    func setLimit(_ duration: Duration) {
        clearLimit()
        limit = loop.schedule(at: loop.now + duration, target: self, token: 0)
    }

    private func clearLimit(unless isKept: Bool = false) {
        guard !isKept, let limit else { return }
        loop.cancel(limit)
        self.limit = nil
    }

    private func setAnswerLimit(_ frame: Frame) {
        guard frame.header.isReply, let node, let duration = node.answerLimit else { return }
        answerLimit = loop.schedule(at: loop.now + duration, target: self, token: 1)
    }

    private func clearAnswerLimit() {
        if let answerLimit { loop.cancel(answerLimit) }
        answerLimit = nil
    }

    func timerFired(_ token: Int) {
        if token == 1 {
            answerLimit = nil
            if !output.hasAnswered { node?.answerLimitReached(by: self) }
        } else {
            limit = nil
            node?.limitReached(by: self)
        }
    }

    /// Whether the run waits for another one to return.
    func follows(_ run: ServiceRun<S>) -> Bool { predecessor === run }

    /// What the service still emits is refused.
    func revoke() { output.detach() }

    /// Returns when the run's service is no longer at work.
    nonisolated(nonsending) private func over() async {
        guard !isOver else { return }
        await withUnsafeContinuation { continuation in
            if isOver { continuation.resume() } else { successors.append(continuation) }
        }
    }

    /// Forgets the session.
    func detach() {
        clearLimit()
        clearAnswerLimit()
        output.detach()
        node = nil
        for successor in successors { successor.resume() }
        successors = []
        resume()
    }
}
