// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a slot runs: a processor or a service, behind one call.
///
/// Touched by its session's loop alone.
class Node {
    /// Begins; may emit.
    func start(_ slot: SlotPointer) throws {}
    func process(_ frame: Frame, _ slot: SlotPointer) throws {}
    /// Takes an urgent frame that has overtaken the queue in front of the node.
    func processUrgent(_ frame: Frame, _ slot: SlotPointer) throws { try process(frame, slot) }
    func receiveUpstream(_ frame: Frame, _ slot: SlotPointer) throws {}
    func interrupted(_ interruption: Interruption, _ slot: SlotPointer) throws {}
    func wake(_ id: Int, _ slot: SlotPointer) throws {}
    func finish(_ slot: SlotPointer) throws {}
    /// Begins afresh after a failure.
    func restart(_ slot: SlotPointer) throws {}
    /// Gives back what the node holds.
    ///
    /// Services end on their own time, see ``ServiceNode``.
    func stop() {}
    /// Whether nothing is left to do without further input.
    var isIdle: Bool { true }
    /// The queue in front of the node.
    @exclusivity(unchecked) var queue: FrameQueue?
    /// Whether the node takes frames from its queue by itself, in a task.
    var pullsItself: Bool { false }
    /// Frames came into the queue of a node that pulls.
    func framesArrived() {}
    /// A queue behind the node has room again.
    func roomAppeared() {}
    /// Cancels work on a reply frame of an earlier epoch.
    func cancelStaleWork(_ epoch: TurnEpoch) {}
    /// Cancels all work: the session ends.
    func cancelAll() {}
    /// Whether anything ever came of a frame; of services only.
    var hasAnswered: Bool { false }
    /// What an alternative is to be given.
    var legacy: ServiceLegacy { ServiceLegacy() }
    /// An alternative has taken the node's place.
    func replaced(_ slot: SlotPointer) { stop() }
    /// Lets go of the session, which is over.
    func detach() {}
    /// Whether a task of the node has not returned.
    var hasLiveRun: Bool { false }
    /// Whether the node has asked for no more frames from its queue for now.
    @exclusivity(unchecked) var isPaused = false
    /// Set once the node belongs to a session.
    var live: LiveMark?
    /// Wake-ups that are set.
    @exclusivity(unchecked) var wakes: [(id: Int, timer: TimerID)] = []

    /// Forgets a wake-up that has come or is no longer wanted, and gives its timer.
    final func forgetWake(_ id: Int) -> TimerID? {
        guard let position = wakes.firstIndex(where: { $0.id == id }) else { return nil }
        wakes.swapAt(position, wakes.count - 1)
        return wakes.removeLast().timer
    }
}

/// Runs a synchronous processor.
final class ProcessorNode<P: Processor>: Node {
    private let factory: () throws -> P
    // Reached by pointer: a stored property would be checked for exclusive access on every frame. Nobody else has the
    // pointer, and a node is never re-entered.
    private let processor: UnsafeMutablePointer<P>

    init(_ factory: @escaping () throws -> P) throws {
        self.factory = factory
        processor = .allocate(capacity: 1)
        do {
            processor.initialize(to: try factory())
        } catch {
            processor.deallocate()
            throw error
        }
    }

    deinit {
        processor.deinitialize(count: 1)
        processor.deallocate()
    }

    override func start(_ slot: SlotPointer) throws {
        var context = ProcessorContext(slot)
        try processor.pointee.start(&context)
    }

    override func process(_ frame: Frame, _ slot: SlotPointer) throws {
        var context = ProcessorContext(slot, cause: frame.header)
        try processor.pointee.process(frame, &context)
    }

    override func receiveUpstream(_ frame: Frame, _ slot: SlotPointer) throws {
        var context = ProcessorContext(slot, cause: frame.header)
        try processor.pointee.receiveUpstream(frame, &context)
    }

    override func interrupted(_ interruption: Interruption, _ slot: SlotPointer) throws {
        var context = ProcessorContext(slot)
        try processor.pointee.interrupted(interruption, &context)
    }

    override func wake(_ id: Int, _ slot: SlotPointer) throws {
        var context = ProcessorContext(slot)
        try processor.pointee.wake(id, &context)
    }

    override func finish(_ slot: SlotPointer) throws {
        var context = ProcessorContext(slot)
        try processor.pointee.finish(&context)
    }

    override func restart(_ slot: SlotPointer) throws {
        processor.pointee.stop()
        processor.pointee = try factory()
        isPaused = false
        try start(slot)
    }

    override func stop() { processor.pointee.stop() }

    override var isIdle: Bool { processor.pointee.isIdle }
}
