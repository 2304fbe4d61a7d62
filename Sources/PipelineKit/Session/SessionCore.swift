// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import Synchronization

/// The state of a running session: slots, queues, epoch, time.
///
/// Touched by the session's loop alone, and no access to a property spans a call to somebody else: so those on the way of
/// a frame are not checked for exclusive access, which would cost more than the way itself.
///
/// Whatever enters from outside (a frame, a timer, a service's answer) runs as a *pass*: to completion through the
/// synchronous processors, then what the pass deferred (upstream frames, interruptions, failures), then the segments
/// behind the queues. No processor is ever entered twice at a time.
final class SessionCore {
    /// Work that waits for the end of the processors' calls in hand.
    enum Deferred {
        case upstream(Frame, from: Int)
        /// Tells these nodes, which were at work when the interruption was raised.
        case interrupted(Interruption, nodes: [Int])
        case failure(PipelineError, node: Int)
        case end(SessionLifecycle.EndAction)
        case peerGone
        /// Tells the transport that there is room behind the source.
        case room
    }

    let number: UInt32
    let plan: PipelinePlan
    let call: Call
    let loop: SessionLoop
    let watch: LoopWatch
    let graph: GraphIndex
    let observer: (any SessionObserver)?
    let slots: SlotPointer
    private let startTime: MediaTime

    private let live: LiveMark
    @exclusivity(unchecked) var nodes: [Node]
    @exclusivity(unchecked) var epoch = TurnEpoch()
    @exclusivity(unchecked) var timeline = TurnTimeline()
    @exclusivity(unchecked) var lifecycle = SessionLifecycle()
    @exclusivity(unchecked) var isPeerGone = false
    @exclusivity(unchecked) var lastActivity = MediaTime.zero
    /// Text of the reply in progress, as far as the model has come, and the turn that it answers.
    var plannedReply = ""
    var plannedTurn: TurnID?

    /// Whether the pass in hand is one of those whose processors are timed.
    @exclusivity(unchecked) var isTiming = false
    @exclusivity(unchecked) var downstreamNanoseconds = Int64(0)
    @exclusivity(unchecked) private var passes = UInt64(0)
    @exclusivity(unchecked) var depth = 0
    @exclusivity(unchecked) private var lastFrameID = UInt32(0)
    @exclusivity(unchecked) var deferred = Deque<Deferred>()
    @exclusivity(unchecked) var pumps = Deque<Int>()
    @exclusivity(unchecked) var upstreamWaiting = 0
    var isUpstreamFlooded = false
    var isRoomAnnounced = false
    /// The node whose wake-up is being run.
    @exclusivity(unchecked) var waking: Int?
    var drops: [Int: [String: Int]] = [:]
    var failures: [Int: FailureCount] = [:]
    var alternatives: [Int: Alternative] = [:]
    private var sharedObjects: [ObjectIdentifier: AnyObject] = [:]
    /// Called when a blocking queue behind the source has room again.
    var onRoom: (() -> Void)?
    /// Tasks of services that have not returned.
    var liveRuns = 0
    var limitTimer: TimerID?
    var idleTimer: TimerID?
    var durationTimer: TimerID?
    /// What paces the transport.
    var beats: [SessionBeat] = []
    var onEnded: [(SessionReport) -> Void] = []
    @exclusivity(unchecked) var finalReport: SessionReport?
    /// Inputs of each node that have ended.
    @exclusivity(unchecked) var endsReached: [Int: Int] = [:]
    /// Nodes whose place an alternative has taken, and whose tasks have not returned.
    var replaced: [(index: Int, node: Node)] = []

    init(
        number: UInt32, plan: PipelinePlan, graph: GraphIndex, call: Call, loop: SessionLoop,
        observer: (any SessionObserver)?
    ) throws {
        self.number = number
        self.plan = plan
        self.graph = graph
        self.call = call
        self.loop = loop
        self.observer = observer
        watch = loop.watch
        live = LiveMark(loop)
        startTime = loop.now
        nodes = try plan.nodes.map { try $0.makers[0].make() }
        slots = .allocate(capacity: max(1, nodes.count))
        for (index, node) in nodes.enumerated() {
            node.live = LiveMark(loop)
            node.queue = plan.nodes[index].queue.map(FrameQueue.init)
            (slots + index).initialize(
                to: Slot(
                    node: .passUnretained(node), core: .passUnretained(self), next: nil,
                    position: LoopWatch.position(session: number, node: index), index: index))
        }
        for index in nodes.indices { connect(slots + index) }
    }

    /// Lays the short cuts of a slot.
    private func connect(_ slot: SlotPointer) {
        let index = slot.pointee.index
        slot.pointee.queue = nodes[index].queue.map(Unmanaged.passUnretained)
        let exits = graph.exits[index]
        slot.pointee.exitCount = exits.count
        if exits.count == 1 { slot.pointee.onlyExit = nodes[exits[0]].queue.map(Unmanaged.passUnretained) }
        guard let next = graph.direct[index] else { return }
        if nodes[next].queue == nil { slot.pointee.next = slots + next } else { slot.pointee.queuedNext = slots + next }
    }

    deinit {
        slots.deinitialize(count: nodes.count)
        slots.deallocate()
    }

    /// The session's time.
    var now: MediaTime { MediaTime(nanoseconds: loop.now.nanoseconds - startTime.nanoseconds) }

    /// The loop's time at a time of the session.
    func loopTime(_ time: MediaTime) -> MediaTime {
        MediaTime(nanoseconds: time.nanoseconds &+ startTime.nanoseconds)
    }

    // MARK: Passes

    /// Runs `body` as a pass, or as part of the pass in hand.
    @inline(__always)
    func pass(_ body: () -> Void) {
        enter()
        body()
        leave()
    }

    @inline(__always)
    private func enter() {
        depth += 1
        guard depth == 1 else { return }
        loop.catchUp()
        passes &+= 1
        isTiming = passes & 63 == 0
        watch.begin()
    }

    @inline(__always)
    private func leave() {
        if depth == 1 {
            if !deferred.isEmpty || !pumps.isEmpty { settle() }
            if lifecycle.isDraining { finishDrainWhenQuiet() }
            if watch.stalled.load(ordering: .relaxed) != 0 { blameStall() }
        }
        depth -= 1
    }

    private func settle() {
        while true {
            if let next = deferred.popFirst() {
                run(next)
            } else if let index = pumps.popFirst() {
                pump(index)
            } else {
                return
            }
        }
    }

    /// Does what waited for the end of a pass, if nothing is in hand.
    func settleIfIdle() {
        if depth == 0, !deferred.isEmpty || !pumps.isEmpty { pass {} }
    }

    private func run(_ item: Deferred) {
        guard !lifecycle.hasEnded else { return }
        switch item {
        case .upstream(let frame, let index):
            upstreamWaiting -= 1
            isUpstreamFlooded = false
            for ancestor in graph.ancestors[index] {
                attempt(slots + ancestor) { try nodes[ancestor].receiveUpstream(frame, $0) }
            }
        case .interrupted(let interruption, let nodes): tell(interruption, nodes)
        case .failure(let error, let index): handle(error, node: index)
        case .end(let action): carryOut(action)
        case .peerGone: losePeer()
        case .room:
            isRoomAnnounced = false
            onRoom?()
        }
    }

    /// Calls a node outside the way of frames; what it throws is its failure.
    func attempt(_ slot: SlotPointer, _ body: (SlotPointer) throws -> Void) {
        let previous = watch.position.load(ordering: .relaxed)
        watch.position.store(slot.pointee.position, ordering: .relaxed)
        do { try body(slot) } catch { failed(slot, error) }
        watch.position.store(previous, ordering: .relaxed)
    }

    func deferWork(_ item: Deferred) { deferred.append(item) }

    // MARK: Frames

    /// The frame with number, cause and, when it belongs to a reply, the epoch of the turn that it answers.
    func stamped(_ frame: Frame, cause: FrameHeader) -> Frame {
        var frame = frame
        lastFrameID &+= 1
        frame.header.id = FrameID(value: lastFrameID)
        frame.header.epoch = epoch
        guard cause.id != .none else { return frame }
        frame.header.cause = cause.id
        if cause.isReply, !frame.header.isUrgent {
            frame.header.flags.insert(.reply)
            frame.header.epoch = cause.epoch
            if cause.isUninterruptible { frame.header.flags.insert(.uninterruptible) }
        } else if frame.header.isReply {
            // A reply belongs to the turn of what it answers, however long that has waited.
            frame.header.epoch = cause.epoch
        }
        return frame
    }

    /// Gives a frame to the nodes after a slot where these are several, queued, or joins.
    func distribute(_ frame: Frame, from slot: SlotPointer) {
        for link in graph.links[slot.pointee.index] {
            let target = slots + link.node
            if target.pointee.queue != nil {
                enqueue(frame, target, input: link.input, from: slot)
            } else {
                target.pointee.input = link.input
                target.deliver(frame)
            }
        }
    }

    /// Puts a frame into the queue in front of a slot; an urgent one goes past it.
    func enqueue(_ frame: Frame, _ target: SlotPointer, input: Int, from slot: SlotPointer) {
        if frame.header.isUrgent { return overtake(frame, target, input: input) }
        guard
            let outcome = target.pointee.queue?._withUnsafeGuaranteedRef({ queue -> FrameQueue.Outcome? in
                if frame.header.isStale(in: epoch) {
                    queue.refuseStale()
                    return nil
                }
                return queue.append(.init(frame: frame, since: now, input: input))
            })
        else { return }
        if outcome == .flooded { failed(slot, flood(of: target)) }
        target.pointee.node._withUnsafeGuaranteedRef { node in
            if node.pullsItself { node.framesArrived() } else { schedulePump(target.pointee.index) }
        }
    }

    private func overtake(_ frame: Frame, _ target: SlotPointer, input: Int) {
        target.pointee.framesIn &+= 1
        target.pointee.input = input
        attempt(target) { try nodes[$0.pointee.index].processUrgent(frame, $0) }
    }

    private func flood(of target: SlotPointer) -> PipelineError {
        let node = plan.nodes[target.pointee.index]
        let limit = node.queue?.limit ?? 0
        return PipelineError(
            .overload,
            "emitted more frames than the queue of '\(node.id)' can hold (\(limit)); emit less at a time or raise its capacity"
        )
    }

    /// Frames that entered a source of the graph.
    func push(_ frame: Frame, into source: Int) {
        guard lifecycle.acceptsInput else { return }
        let slot = slots + source
        let frame = frame.header.id == .none ? stamped(frame, cause: .none) : frame
        pass {
            if slot.pointee.queue != nil {
                enqueue(frame, slot, input: 0, from: slot)
            } else {
                slot.deliver(frame)
            }
        }
    }

    /// Whether every blocking queue behind a segment has room.
    func hasRoom(behind index: Int) -> Bool {
        for exit in graph.exits[index] where nodes[exit].queue?.blocks == true { return false }
        return true
    }

    func sendUpstream(_ frame: Frame, from slot: SlotPointer) {
        guard upstreamWaiting < Self.upstreamLimit else { return refuseUpstream(slot) }
        upstreamWaiting += 1
        deferred.append(.upstream(frame, from: slot.pointee.index))
        if depth == 0 { pass {} }
    }

    /// Frames that may wait to travel upstream.
    private static let upstreamLimit = 1024

    private func refuseUpstream(_ slot: SlotPointer) {
        countDrop("flood", slot)
        guard !isUpstreamFlooded else { return }
        isUpstreamFlooded = true
        failed(
            slot, PipelineError(.overload, "sent more than \(Self.upstreamLimit) frames upstream at once; send fewer"))
    }

    // MARK: Odds and ends

    func shared<Object: AnyObject>(_ make: () -> Object) -> Object {
        let key = ObjectIdentifier(Object.self)
        if let object = sharedObjects[key] as? Object { return object }
        let object = make()
        sharedObjects[key] = object
        if let memory = call.memory, let object = object as? any Remembering { memory.restore(object) }
        return object
    }

    /// What the objects leave that the processors share.
    func remembered() -> SessionMemory {
        var memory = SessionMemory()
        for object in sharedObjects.values {
            if let object = object as? any Remembering { memory.keep(object) }
        }
        return memory
    }

    func releaseShared() { sharedObjects = [:] }

    func countDrop(_ reason: String, _ slot: SlotPointer) {
        drops[slot.pointee.index, default: [:]][reason, default: 0] += 1
    }

    func report(_ event: SessionEvent) {
        observer?.session(call, at: now, event)
        call.observer?.session(call, at: now, event)
    }

    private func blameStall() {
        let position = watch.stalled.load(ordering: .relaxed)
        guard UInt32(position >> 16) == number else { return }
        watch.stalled.store(0, ordering: .relaxed)
        let slot = slots + Int(position & 0xFFFF)
        let error = PipelineError(
            .overload, "held its event loop for too long; move the work into a service's offload")
        if plan.nodes[slot.pointee.index].onError == .end {
            // The machine may be at fault, not the processor: a call is not ended for that.
            report(.error(attributed(error, slot)))
        } else {
            failed(slot, error)
        }
        settle()
    }
}
