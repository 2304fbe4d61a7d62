// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Gives each stretch of the caller's sound its place on the session's clock, and finds what is missing or there twice.
///
/// The carrier's time stamps carry the pace, so that sound that was held up on its way keeps its place; the session's
/// clock carries the position, so that two clocks that differ do not drift apart. No clock and no I/O.
struct MediaArrival {
    /// What to do with a stretch.
    enum Verdict: Equatable {
        /// It begins at `time`, after so much silence that stands in for what is missing.
        case play(at: MediaTime, silence: Duration)
        /// It was there before.
        case duplicate
        /// It comes after what follows it, where silence has taken its place.
        case late
    }

    /// The longest silence that stands in for something; after a longer gap the sound just goes on later.
    private static let longestGap = Duration.seconds(2)
    /// Carriers count in whole milliseconds and send a little early or late.
    private static let rounding = Duration.milliseconds(10)
    /// How often the two clocks are compared.
    private static let window = Duration.seconds(10)

    /// What has to be added to the carrier's time.
    private var offset: Duration?
    private var expected = Duration.zero
    private var lastChunk: Int?
    /// Which of the 64 chunks before `lastChunk` have come, the nearest in the lowest bit.
    private var seen: UInt64 = 0
    private var windowEnd = Duration.zero
    private var leastDelay = Duration.seconds(3600)

    /// Places a stretch that came at `now`.
    mutating func place(_ media: MediaStreamMessage.Media, now: MediaTime) -> Verdict {
        var isInOrder = false
        if let chunk = media.chunk {
            if let verdict = count(chunk, &isInOrder) { return verdict }
        }
        let length = media.audio.duration
        // A carrier that stamps nothing, or nonsense, is taken to send without gaps.
        let stamp = media.timestamp.flatMap { (0...1_000_000_000).contains($0) ? Duration.milliseconds($0) : nil }
        guard offset != nil else { return begin(stamp ?? .zero, length, now) }
        var gap = (stamp ?? expected) - expected
        if gap < .zero - Self.rounding, !isInOrder { return .late }
        if gap <= Self.rounding { gap = .zero }
        let start = expected + gap
        expected = start + length
        follow(expected, now)
        return .play(at: time(start), silence: gap <= Self.longestGap ? gap : .zero)
    }

    private mutating func begin(_ start: Duration, _ length: Duration, _ now: MediaTime) -> Verdict {
        expected = start + length
        offset = (now - .zero) - expected
        windowEnd = (now - .zero) + Self.window
        return .play(at: time(start), silence: .zero)
    }

    /// Where a position lies on the session's clock; not before the session, although sound that comes first was spoken
    /// before it.
    private func time(_ position: Duration) -> MediaTime { max(.zero, .zero + position + (offset ?? .zero)) }

    /// Notes that a chunk came; says so if that was not its turn.
    private mutating func count(_ chunk: Int, _ isInOrder: inout Bool) -> Verdict? {
        guard let last = lastChunk else {
            lastChunk = chunk
            return nil
        }
        let (ahead, overflow) = chunk.subtractingReportingOverflow(last)
        guard !overflow, ahead != .min else { return .late }
        if ahead > 0 {
            seen = ahead > 64 ? 0 : seen << UInt64(ahead) | 1 << UInt64(ahead - 1)
            lastChunk = chunk
            isInOrder = ahead == 1
            return nil
        }
        guard ahead < 0 else { return .duplicate }
        guard ahead >= -64 else { return .late }
        let bit: UInt64 = 1 << UInt64(-ahead - 1)
        defer { seen |= bit }
        return seen & bit != 0 ? .duplicate : .late
    }

    /// Keeps the two clocks together: nothing is captured in the future, and nothing is always late.
    private mutating func follow(_ end: Duration, _ now: MediaTime) {
        let delay = now - time(end)
        if delay < .zero {
            offset = (offset ?? .zero) + delay
            leastDelay = .zero
        }
        leastDelay = min(leastDelay, max(.zero, delay))
        guard now - .zero >= windowEnd else { return }
        if leastDelay > .milliseconds(20) { offset = (offset ?? .zero) + leastDelay }
        windowEnd = (now - .zero) + Self.window
        leastDelay = .seconds(3600)
    }
}
