// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Says when audio from a far-away microphone was captured, from the count of its samples and not from its arrival.
///
/// Knows no clock and no socket. Placed audio never overlaps, and never lies more than ``lead`` ahead of the time of its
/// arrival: whoever sends faster than a microphone can hears of it. What a stalled network delivers at once, a second and
/// more late, is dropped; where nothing was sent for that long, a gap remains.
///
///     captured  | a | b | c | d | e |
///     arrives   | a |       stall        b c d e |
///     placed    | a |           gap          | e |      (b, c, d are older than maxLag)
struct CaptureClock {
    /// What becomes of a piece of audio.
    enum Placement: Equatable {
        /// It was captured from this time on.
        case at(MediaTime)
        /// It is too old to be of use.
        case late
        /// It comes faster than it can have been captured.
        case early
    }

    /// Lag from which audio is too old.
    static let maxLag = Duration.seconds(1)
    /// How far ahead of the clock audio may run: the jitter of arrivals.
    static let lead = Duration.milliseconds(60)
    /// How long the pieces behind a stall may take to arrive.
    static let catchUp = Duration.milliseconds(200)

    private let rate: Int
    private var end: MediaTime?
    private var catchUpEnd: MediaTime?

    /// Creates a clock for audio of `rate` Hz.
    init(rate: Int) { self.rate = rate }

    /// Places audio that arrives at `now`.
    mutating func place(sampleCount: Int, now: MediaTime) -> Placement {
        let duration = Duration.samples(sampleCount, rate: rate)
        let latestStart = max(.zero, now - duration)
        let start = end ?? latestStart
        if latestStart - start > Self.maxLag {
            let limit = catchUpEnd ?? now + Self.catchUp
            catchUpEnd = limit
            guard now >= limit else {
                end = start + duration
                return .late
            }
            return accept(latestStart, duration)
        }
        guard start - latestStart <= Self.lead else { return .early }
        return accept(start, duration)
    }

    private mutating func accept(_ start: MediaTime, _ duration: Duration) -> Placement {
        catchUpEnd = nil
        end = start + duration
        return .at(start)
    }
}
