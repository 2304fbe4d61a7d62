// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
public import NIOCore
import Synchronization

/// One thread on which sessions run: executor of their tasks, keeper of their timers, teller of their time.
///
/// A real loop runs on a SwiftNIO event loop, so that a socket registered there reaches its session without a hop. A
/// virtual loop runs on the thread that drives it and owns its clock: time stands still while there is work, and jumps
/// from one timer to the next, so that a session is deterministic and takes no longer than its computation.
///
/// It is a task executor as well as a serial one: a continuation that anybody resumes lands here with one enqueue.
/// Without that every resumption would pass through the global pool.
///
/// `@unchecked Sendable`: everything but `remote` is touched on the loop's thread alone.
public final class SessionLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private enum Driver {
        case eventLoop(any EventLoop)
        case virtual
    }

    private struct Remote {
        var jobs: [UnownedJob] = []
        var isScheduled = false
    }

    private let driver: Driver
    /// Where CPU-heavy and blocking work goes.
    public let workers: WorkerPool
    private let remote = Mutex(Remote())
    private let owner = Atomic<UInt>(0)
    let watch = LoopWatch()
    /// What the tasks of services are isolated to.
    private(set) lazy var isolation = LoopIsolation(self)

    @exclusivity(unchecked) private var jobs = Deque<UnownedJob>(minimumCapacity: 64)
    @exclusivity(unchecked) private var spare: [UnownedJob] = []
    @exclusivity(unchecked) private var isDraining = false
    @exclusivity(unchecked) private var isInBatch = false
    @exclusivity(unchecked) private var wheel = TimerWheel()
    @exclusivity(unchecked) private var nextTick: (deadline: MediaTime, scheduled: Scheduled<Void>)?
    /// The loop's clock, read once a batch of work: nanoseconds of a monotonic clock, or virtual time from zero.
    @exclusivity(unchecked) private(set) var now: MediaTime
    /// Sessions that run here; the least loaded loop takes the next one.
    let sessionCount = Atomic<Int>(0)
    let liveObjects = Atomic<Int>(0)
    /// Timers that are set.
    ///
    /// Read on the loop.
    package var timerCount: Int { wheel.count }

    @exclusivity(unchecked) private var loans: [ObjectIdentifier: any Sendable] = [:]

    /// Creates a loop on an event loop.
    public init(_ eventLoop: any EventLoop, workers: WorkerPool) {
        driver = .eventLoop(eventLoop)
        self.workers = workers
        now = MonotonicClock.now
    }

    private init(virtualWith workers: WorkerPool) {
        driver = .virtual
        self.workers = workers
        now = .zero
    }

    /// Creates a loop that owns its clock; whoever drives it calls ``run(until:)``.
    public static func virtual() -> SessionLoop { SessionLoop(virtualWith: .inline) }

    /// The event loop underneath; `nil` for a virtual loop.
    public var eventLoop: (any EventLoop)? {
        guard case .eventLoop(let loop) = driver else { return nil }
        return loop
    }

    /// Whether time is virtual.
    public var isVirtual: Bool { eventLoop == nil }

    // MARK: Loans

    /// Lends services something in place of the real thing, such as a network of doubles; before the first session.
    package func lend<Loan: Sendable>(_ loan: Loan, as type: Loan.Type) { loans[ObjectIdentifier(type)] = loan }

    /// What services are lent; `nil` if they use the real thing.
    func loan<Loan>(_ type: Loan.Type) -> Loan? { loans[ObjectIdentifier(type)] as? Loan }

    // MARK: Executor

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoop {
            jobs.append(job)
            scheduleDrain()
            return
        }
        let isFirst = remote.withLock { remote in
            remote.jobs.append(job)
            defer { remote.isScheduled = true }
            return !remote.isScheduled
        }
        if isFirst, case .eventLoop(let loop) = driver { loop.execute { self.takeRemoteJobs() } }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
    public func checkIsolated() { precondition(isOnLoop, "called off the session's loop") }
    public func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    /// Whether the caller runs on this loop.
    public var isOnLoop: Bool {
        switch driver {
        case .eventLoop(let loop): loop.inEventLoop
        case .virtual: owner.load(ordering: .acquiring) == currentThread()
        }
    }

    private func scheduleDrain() {
        guard !isDraining, case .eventLoop(let loop) = driver else { return }
        isDraining = true
        loop.execute { self.drain() }
    }

    private func takeRemoteJobs() {
        remote.withLock { remote in
            swap(&remote.jobs, &spare)
            remote.isScheduled = false
        }
        jobs.append(contentsOf: spare)
        spare.removeAll(keepingCapacity: true)
        if case .eventLoop = driver, !isDraining { drain() }
    }

    /// Runs a batch of jobs, then lets the event loop attend to its sockets.
    private func drain() {
        isDraining = true
        isInBatch = true
        readClock()
        runJobs(atMost: 256)
        isInBatch = false
        isDraining = false
        if !jobs.isEmpty { scheduleDrain() }
        armTick()
    }

    private func runJobs(atMost limit: Int) {
        let serial = asUnownedSerialExecutor()
        let task = asUnownedTaskExecutor()
        var budget = limit
        while budget > 0, let job = jobs.popFirst() {
            budget -= 1
            watch.begin()
            job.runSynchronously(isolatedTo: serial, taskExecutor: task)
            watch.release()
        }
    }

    // MARK: Time

    /// Reads the clock when the loop is entered from outside its own work, as a socket's handler does.
    @inline(__always)
    func catchUp() {
        if !isInBatch { readClock() }
    }

    /// The loop's clock, read now.
    var exactNow: MediaTime { isVirtual ? now : MonotonicClock.now }

    private func readClock() {
        if case .eventLoop = driver { now = MonotonicClock.now }
    }

    /// Sets a timer.
    func schedule(at deadline: MediaTime, target: any TimerTarget, token: Int) -> TimerID {
        let id = wheel.schedule(at: deadline, target: target, token: token)
        if !isDraining { armTick() }
        return id
    }

    /// Cancels a timer.
    func cancel(_ timer: TimerID) { wheel.cancel(timer) }

    /// Wakes the event loop for the earliest timer, at most once a millisecond for all of its sessions.
    private func armTick() {
        guard case .eventLoop(let loop) = driver, let earliest = wheel.earliestDeadline() else { return }
        let deadline = max(earliest, now + .milliseconds(1))
        // Never postponed: on a loop that is busy with jobs the timers would wait until it is not.
        if let nextTick, nextTick.deadline <= deadline { return }
        nextTick?.scheduled.cancel()
        let scheduled = loop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(deadline.nanoseconds))) { self.tick() }
        nextTick = (deadline, scheduled)
    }

    private func tick() {
        nextTick = nil
        isDraining = true
        isInBatch = true
        readClock()
        fireTimers(until: now)
        runJobs(atMost: 256)
        isInBatch = false
        isDraining = false
        if !jobs.isEmpty { scheduleDrain() }
        armTick()
    }

    private func fireTimers(until limit: MediaTime) {
        while let fired = wheel.popNext(notAfter: limit) { fired.target.timerFired(fired.token) }
    }

    // MARK: Virtual time

    /// Runs all work and all timers up to `limit` of virtual time, in order; the clock then reads `limit`.
    public func run(until limit: MediaTime) {
        perform {
            settle()
            while let fired = wheel.popNext(notAfter: limit) {
                now = max(now, fired.deadline)
                fired.target.timerFired(fired.token)
                settle()
            }
            now = max(now, limit)
        }
    }

    /// The virtual time of the next timer; `nil` when nothing will happen by itself.
    public var nextEvent: MediaTime? { wheel.earliestDeadline() }

    /// Virtual time since the loop was made.
    public var virtualTime: MediaTime { now }

    /// Calls `body` as if on the loop, then runs what became ready; time stands still.
    @discardableResult
    public func perform<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard case .virtual = driver else { preconditionFailure("only a virtual loop is driven by its caller") }
        if isOnLoop { return try body() }
        let isFree = owner.compareExchange(expected: 0, desired: currentThread(), ordering: .acquiringAndReleasing)
            .exchanged
        precondition(isFree, "a virtual loop is driven by one thread at a time")
        defer { owner.store(0, ordering: .releasing) }
        let result = try body()
        settle()
        return result
    }

    private func settle() {
        repeat {
            takeRemoteJobs()
            runJobs(atMost: .max)
        } while !jobs.isEmpty || remote.withLock { !$0.jobs.isEmpty }
    }
}

/// The isolation of a loop's service tasks: an actor without state whose executor is the loop.
///
/// A task that is isolated to nothing would be enqueued again after every `await`, although it is where it belongs; one
/// that is isolated to its session would keep the session alive if it never returned.
actor LoopIsolation {
    private nonisolated unowned(unsafe) let loop: SessionLoop

    init(_ loop: SessionLoop) { self.loop = loop }

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
}
