// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Translates positions in the audio that a connection was sent into the session's time, also over gaps in that audio.
///
///     session   |0.0 ---- 0.5|  gap  |2.0 ---- 2.5|
///     stream    |0.0 ---- 0.5|0.5 ---- 1.0|           0.7 s of the stream is 2.2 s of the session
struct StreamClock {
    private struct Anchor {
        let position: Duration
        let time: MediaTime
    }

    /// Frames jitter, and their lengths are rounded; what is more is a gap.
    private static let leastGap = Duration.milliseconds(5)
    private static let mostAnchors = 256

    private var anchors: [Anchor] = []
    /// How much audio the connection was sent.
    private(set) var position = Duration.zero

    /// Where the audio that was sent ends in the session's time; `nil` before the first.
    var end: MediaTime? { anchors.last.map { $0.time + (position - $0.position) } }

    /// Adds audio that begins at `time` of the session.
    mutating func append(_ duration: Duration, at time: MediaTime) {
        if end.map({ abs(($0 - time).nanoseconds) >= Self.leastGap.nanoseconds }) ?? true {
            anchors.append(Anchor(position: position, time: time))
            if anchors.count > Self.mostAnchors { anchors.removeFirst() }
        }
        position += duration
    }

    /// The session's time of a position; positions that were not sent yet are taken to be the end.
    func time(at position: Duration) -> MediaTime {
        let position = min(position, self.position)
        guard let anchor = anchors.last(where: { $0.position <= position }) ?? anchors.first else { return .zero }
        return anchor.time + (position - anchor.position)
    }

    /// The session's time at which what ends at a position ends: at a gap, where the gap begins.
    func endTime(at position: Duration) -> MediaTime {
        let position = min(position, self.position)
        guard let anchor = anchors.last(where: { $0.position < position }) ?? anchors.first else { return .zero }
        return anchor.time + max(position - anchor.position, .zero)
    }
}
