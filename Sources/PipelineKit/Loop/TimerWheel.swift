// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Receives the timers that it set.
protocol TimerTarget: AnyObject {
    /// Runs a timer; `token` is the value that it was set with.
    func timerFired(_ token: Int)
}

/// Names a timer that was set, for cancelling it.
struct TimerID: Equatable {
    fileprivate let index: Int32
    fileprivate let generation: UInt32
}

/// Deadlines of many sessions in one structure: setting and cancelling cost O(1), and nothing is allocated once warm.
///
/// Knows no clock. Timers come out in the order of their deadlines, equal deadlines in the order in which they were set,
/// exactly; so a virtual clock can jump from one to the next. Eight levels of 64 slots, which hold any time; a slot of level 0 is 2^20 ns
/// (1.05 ms) wide, one of level n is 64 times as wide as one of level n - 1.
struct TimerWheel {
    private struct Entry {
        var deadline: Int64
        var sequence: UInt64
        var target: (any TimerTarget)?
        var token: Int
        var generation: UInt32
        var next: Int32
        var previous: Int32
        /// Slot number over all levels, or `dueSlot`.
        var slot: Int32
    }

    private static let levels = 8
    private static let none = Int32(-1)
    private static let dueSlot = Int32(-2)
    private static let tickShift = Int64(20)

    private var entries: ContiguousArray<Entry> = []
    private var free: [Int32] = []
    private var heads = ContiguousArray(repeating: Self.none, count: 64 * Self.levels)
    private var tails = ContiguousArray(repeating: Self.none, count: 64 * Self.levels)
    private var occupied = ContiguousArray(repeating: UInt64(0), count: Self.levels)
    /// Every timer of this tick or an earlier one is in `due`.
    private var currentTick = Int64(0)
    private var due: ContiguousArray<Int32> = []
    private var dueStart = 0
    private var sequence = UInt64(0)
    /// Timers that are set.
    private(set) var count = 0

    /// Sets a timer.
    ///
    /// A deadline in the past fires next.
    mutating func schedule(at deadline: MediaTime, target: any TimerTarget, token: Int) -> TimerID {
        let index = take()
        sequence &+= 1
        entries[Int(index)].deadline = deadline.nanoseconds
        entries[Int(index)].sequence = sequence
        entries[Int(index)].target = target
        entries[Int(index)].token = token
        count += 1
        place(index)
        return TimerID(index: index, generation: entries[Int(index)].generation)
    }

    /// Cancels a timer; one that has fired is left alone.
    mutating func cancel(_ id: TimerID) {
        guard entries[Int(id.index)].generation == id.generation, entries[Int(id.index)].target != nil else { return }
        if entries[Int(id.index)].slot == Self.dueSlot {
            // It is skipped, and its place freed, when its turn comes.
            entries[Int(id.index)].target = nil
            count -= 1
        } else {
            unlink(id.index)
            release(id.index)
        }
    }

    /// Takes out the earliest timer whose deadline is not after `limit`.
    mutating func popNext(notAfter limit: MediaTime) -> (target: any TimerTarget, token: Int, deadline: MediaTime)? {
        while true {
            while dueStart < due.count {
                let index = due[dueStart]
                guard let target = entries[Int(index)].target else {
                    dueStart += 1
                    recycle(index)
                    continue
                }
                let deadline = entries[Int(index)].deadline
                guard deadline <= limit.nanoseconds else { return nil }
                dueStart += 1
                let token = entries[Int(index)].token
                release(index)
                return (target, token, MediaTime(nanoseconds: deadline))
            }
            due.removeAll(keepingCapacity: true)
            dueStart = 0
            guard let tick = nextOccupiedTick(), tick << Self.tickShift <= limit.nanoseconds else { return nil }
            advance(to: tick)
        }
    }

    /// A time not after the earliest deadline, and near it; `nil` when no timer is set.
    func earliestDeadline() -> MediaTime? {
        let waiting = due[dueStart...].first { entries[Int($0)].target != nil }
        if let waiting { return MediaTime(nanoseconds: entries[Int(waiting)].deadline) }
        return nextOccupiedTick().map { MediaTime(nanoseconds: $0 << Self.tickShift) }
    }

    // MARK: Slots

    /// The first tick of the first occupied slot.
    private func nextOccupiedTick() -> Int64? {
        for level in 0..<Self.levels where occupied[level] != 0 {
            let shift = Int64(6 * level)
            let position = (currentTick >> shift) & 63
            // All entries of a level lie after the current position within the current turn of the level.
            let slot = Int64(occupied[level].trailingZeroBitCount)
            return ((currentTick >> shift) - position + slot) << shift
        }
        return nil
    }

    private mutating func advance(to tick: Int64) {
        currentTick = tick
        for level in stride(from: Self.levels - 1, through: 0, by: -1) {
            let slot = 64 * level + Int((tick >> Int64(6 * level)) & 63)
            var index = heads[slot]
            heads[slot] = Self.none
            tails[slot] = Self.none
            occupied[level] &= ~(UInt64(1) << UInt64(slot & 63))
            while index != Self.none {
                let next = entries[Int(index)].next
                place(index)
                index = next
            }
        }
    }

    private mutating func place(_ index: Int32) {
        let tick = entries[Int(index)].deadline >> Self.tickShift
        guard tick > currentTick else { return insertDue(index) }
        let distance = UInt64(tick ^ currentTick)
        let level = min((63 - distance.leadingZeroBitCount) / 6, Self.levels - 1)
        append(index, toSlot: 64 * level + Int((tick >> Int64(6 * level)) & 63))
    }

    private mutating func append(_ index: Int32, toSlot slot: Int) {
        entries[Int(index)].slot = Int32(slot)
        entries[Int(index)].next = Self.none
        entries[Int(index)].previous = tails[slot]
        if tails[slot] == Self.none {
            heads[slot] = index
            occupied[slot / 64] |= UInt64(1) << UInt64(slot & 63)
        } else {
            entries[Int(tails[slot])].next = index
        }
        tails[slot] = index
    }

    private mutating func unlink(_ index: Int32) {
        let entry = entries[Int(index)]
        let slot = Int(entry.slot)
        if entry.previous == Self.none {
            heads[slot] = entry.next
        } else {
            entries[Int(entry.previous)].next = entry.next
        }
        if entry.next == Self.none {
            tails[slot] = entry.previous
        } else {
            entries[Int(entry.next)].previous = entry.previous
        }
        if heads[slot] == Self.none { occupied[slot / 64] &= ~(UInt64(1) << UInt64(slot & 63)) }
    }

    /// Keeps `due` sorted; what comes mostly belongs at its end.
    private mutating func insertDue(_ index: Int32) {
        entries[Int(index)].slot = Self.dueSlot
        var position = due.count
        while position > dueStart, precedes(index, due[position - 1]) { position -= 1 }
        due.insert(index, at: position)
    }

    private func precedes(_ left: Int32, _ right: Int32) -> Bool {
        let (left, right) = (entries[Int(left)], entries[Int(right)])
        return (left.deadline, left.sequence) < (right.deadline, right.sequence)
    }

    // MARK: Entries

    private mutating func take() -> Int32 {
        if let index = free.popLast() { return index }
        entries.append(
            Entry(
                deadline: 0, sequence: 0, target: nil, token: 0, generation: 0, next: Self.none, previous: Self.none,
                slot: Self.none))
        return Int32(entries.count - 1)
    }

    private mutating func release(_ index: Int32) {
        entries[Int(index)].target = nil
        count -= 1
        recycle(index)
    }

    private mutating func recycle(_ index: Int32) {
        entries[Int(index)].generation &+= 1
        free.append(index)
    }
}
