// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import PipelineKit

/// Knows from the marks that come back how much of the agent's sound has been played.
///
/// Between two marks the position is estimated from the clock and the delay of the mark before. A mark that comes back
/// after `clear` says nothing: what was before it may have been thrown away.
///
///     sent      |=======m1=======m2====      (= is 20 ms of sound)
///     confirmed |=======m1
///     heard     |=======m1===>|              not beyond m2, which has not come back
///
/// No clock and no I/O; times are the session's.
struct PlaybackMarks {
    private struct Mark {
        let number: Int
        /// Where the sound before it ends.
        let position: MediaTime
        let sentAt: MediaTime
    }

    /// The most sound without a mark in it.
    private static let spacing = Duration.milliseconds(500)
    /// Marks that may be out, those of half a minute; a carrier that sends none back costs no more.
    private static let capacity = 64
    /// What a telephone network adds, until the first mark shows it.
    private static let assumedDelay = Duration.milliseconds(100)

    private var pending = Deque<Mark>()
    private var lastNumber = 0
    private var clearedNumber = 0
    private var writtenEnd = MediaTime.zero
    private var unmarked = Duration.zero
    private var confirmed = MediaTime.zero
    private var delay = Self.assumedDelay
    /// Marks that came back and were not awaited: of sound that was cleared, or never sent.
    private(set) var unexpectedCount = 0

    /// Whether something is out of which it is not known whether it was played.
    private var isOut = false

    /// Sound was sent that is due at `time`.
    ///
    /// - Returns: The mark to send behind it, if it is time for one.
    mutating func wrote(_ duration: Duration, at time: MediaTime, now: MediaTime) -> String? {
        if !isOut { confirmed = time }
        isOut = true
        writtenEnd = time + duration
        unmarked += duration
        return unmarked >= Self.spacing ? mark(now: now) : nil
    }

    /// A clause is over.
    ///
    /// - Returns: The mark to send behind it, unless there is nothing to mark.
    mutating func clauseEnded(now: MediaTime) -> String? { unmarked > .zero ? mark(now: now) : nil }

    private mutating func mark(now: MediaTime) -> String {
        lastNumber += 1
        unmarked = .zero
        if pending.count == Self.capacity { pending.removeFirst() }
        pending.append(Mark(number: lastNumber, position: writtenEnd, sentAt: now))
        return String(lastNumber)
    }

    /// A mark came back.
    mutating func cameBack(_ name: String, now: MediaTime) {
        guard let number = Int(name), number > clearedNumber, let last = pending.last, number <= last.number,
            let first = pending.first, number >= first.number
        else {
            unexpectedCount += 1
            return
        }
        while let mark = pending.first, mark.number <= number {
            pending.removeFirst()
            confirmed = mark.position
            // A mark that was sent after its sound had been played comes back at once; that is no delay of the sound.
            delay = min(max(.zero, now - max(mark.position, mark.sentAt)), .seconds(2))
        }
        if pending.isEmpty, unmarked == .zero { isOut = false }
    }

    /// What was not played is thrown away.
    mutating func clear() {
        clearedNumber = lastNumber
        pending.removeAll(keepingCapacity: true)
        unmarked = .zero
        isOut = false
    }

    /// Up to which time the sound has been played.
    func heard(at now: MediaTime) -> MediaTime {
        guard isOut else { return now }
        let estimate = max(confirmed, now - delay)
        guard let next = pending.first else { return estimate >= writtenEnd ? now : estimate }
        return min(estimate, next.position - .nanoseconds(1))
    }
}
