// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One node's place in a running session: whom to call, where its frames go, and its counters.
///
/// Slots lie in one allocation per session and are reached by pointer, so that a frame's way costs no reference
/// counting. All unsafety of the hot path is in this file; its face is ``ProcessorContext``.
struct Slot {
    /// Kept alive by the session core's `nodes`.
    var node: Unmanaged<Node>
    let core: Unmanaged<SessionCore>
    /// The slot that takes every frame, when there is exactly one, it has no queue, and this is its only input.
    var next: UnsafeMutablePointer<Slot>?
    /// The slot that takes every frame, when there is exactly one and it has a queue.
    var queuedNext: UnsafeMutablePointer<Slot>?
    /// The queue in front of the node; kept alive by the node.
    var queue: Unmanaged<FrameQueue>?
    /// The queue at which the node's segment ends, when there is exactly one.
    var onlyExit: Unmanaged<FrameQueue>?
    var exitCount = 0
    /// Where the watchdog finds the node's name.
    let position: UInt64
    let index: Int
    /// The input by which the frame in hand came, in the order of `after:`.
    var input = 0
    /// The frame in hand, from which new frames inherit.
    var cause = FrameHeader.none
    var framesIn = UInt64(0)
    var framesOut = UInt64(0)
    /// Exclusive processing time of the frames that were timed, in nanoseconds.
    var timedNanoseconds = Int64(0)
    var timedFrames = UInt64(0)
    var longestNanoseconds = Int64(0)
}

typealias SlotPointer = UnsafeMutablePointer<Slot>

extension UnsafeMutablePointer where Pointee == Slot {
    /// Gives a frame to whoever comes after this slot.
    @inline(__always)
    func forward(_ frame: Frame) {
        pointee.framesOut &+= 1
        if let next = pointee.next {
            next.deliver(frame)
        } else if let next = pointee.queuedNext {
            pointee.core._withUnsafeGuaranteedRef { $0.enqueue(frame, next, input: 0, from: self) }
        } else {
            pointee.core._withUnsafeGuaranteedRef { $0.distribute(frame, from: self) }
        }
    }

    /// Whether every blocking queue behind the slot's segment has room.
    @inline(__always)
    var hasRoomBehind: Bool {
        switch pointee.exitCount {
        case 0: true
        case 1: pointee.onlyExit.map { $0._withUnsafeGuaranteedRef { !$0.blocks } } ?? true
        default: pointee.core._withUnsafeGuaranteedRef { $0.hasRoom(behind: pointee.index) }
        }
    }

    /// Runs the slot's node on a frame.
    ///
    /// Errors end here: they are the node's, not its feeder's.
    @inline(__always)
    func deliver(_ frame: Frame) {
        pointee.framesIn &+= 1
        pointee.core._withUnsafeGuaranteedRef { core in
            let previous = core.watch.position.load(ordering: .relaxed)
            core.watch.position.store(pointee.position, ordering: .relaxed)
            if core.isTiming { deliverTimed(frame, core) } else { run(frame, core) }
            core.watch.position.store(previous, ordering: .relaxed)
        }
    }

    @inline(__always)
    private func run(_ frame: Frame, _ core: SessionCore) {
        do {
            try pointee.node._withUnsafeGuaranteedRef { try $0.process(frame, self) }
        } catch {
            core.failed(self, error)
        }
    }

    /// Times the node without what it calls downstream.
    private func deliverTimed(_ frame: Frame, _ core: SessionCore) {
        let outer = core.downstreamNanoseconds
        core.downstreamNanoseconds = 0
        let start = MonotonicClock.now.nanoseconds
        run(frame, core)
        let total = MonotonicClock.now.nanoseconds - start
        let own = total - core.downstreamNanoseconds
        core.downstreamNanoseconds = outer + total
        pointee.timedNanoseconds += own
        pointee.timedFrames += 1
        pointee.longestNanoseconds = max(pointee.longestNanoseconds, own)
    }
}
