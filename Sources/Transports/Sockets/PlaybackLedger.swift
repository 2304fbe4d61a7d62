// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import PipelineKit

/// What was sent to a far-away player and how much of it was heard, in samples of its generation and in the session's time.
///
/// A flush begins the next generation; acknowledgements of older ones say nothing any more. A player that has never
/// acknowledged anything is taken to play on time. Holds at most ``capacity`` stretches.
struct PlaybackLedger {
    /// Audio without a gap.
    private struct Stretch {
        var position: Int
        var count: Int
        var time: MediaTime
    }

    /// Stretches that are remembered; of more, the oldest count as heard.
    static let capacity = 1024

    private let rate: Int
    private var stretches = Deque<Stretch>()
    private var acknowledges = false
    /// Counts the flushes, from 1.
    private(set) var generation = UInt32(1)
    /// Samples of the generation that were sent.
    private(set) var written = 0
    /// Samples of the generation that were heard.
    private(set) var heard = 0

    /// Creates the ledger of a player that takes audio of `rate` Hz.
    init(rate: Int) { self.rate = rate }

    /// How much was sent that the player has not acknowledged; zero for a player that acknowledges nothing.
    var unheard: Duration { acknowledges ? .samples(written - heard, rate: rate) : .zero }

    /// Audio was sent that is due at `time`.
    mutating func write(_ count: Int, at time: MediaTime) {
        if let last = stretches.last {
            let end = last.time + .samples(last.count, rate: rate)
            // Times are rounded to nanoseconds.
            if abs((time - end).nanoseconds) <= 1_000 {
                stretches[stretches.count - 1].count += count
            } else {
                append(count, time)
            }
        } else {
            append(count, time)
        }
        written += count
    }

    private mutating func append(_ count: Int, _ time: MediaTime) {
        if stretches.count == Self.capacity { stretches.removeFirst() }
        stretches.append(Stretch(position: written, count: count, time: time))
        heard = max(heard, stretches[0].position)
    }

    /// The player has heard `position` samples of a generation; more than were sent, fewer than before, or of another
    /// generation is of no effect.
    mutating func acknowledge(generation: Int, position: Int) {
        acknowledges = true
        guard generation == Int(self.generation), position > heard else { return }
        heard = min(position, written)
        while let first = stretches.first, first.position + first.count <= heard { stretches.removeFirst() }
    }

    /// Forgets what was not heard and begins the next generation.
    mutating func flush() {
        stretches.removeAll(keepingCapacity: true)
        generation &+= 1
        written = 0
        heard = 0
    }

    /// Up to which of the times of the writes everything was heard; `now` when nothing is out.
    func heardTime(at now: MediaTime) -> MediaTime {
        guard acknowledges, let first = stretches.first else { return now }
        return min(now, first.time + .samples(max(0, heard - first.position), rate: rate))
    }
}
