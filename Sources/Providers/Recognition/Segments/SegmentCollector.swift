// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Processors

/// Cuts the caller's audio into segments at the edges that voice activity sets, and where an utterance is too long.
///
/// Has no clock and no I/O.
struct SegmentCollector {
    private let longest: Duration
    private var preRoll: PreRoll
    /// The utterance in progress.
    private(set) var current: SpeechSegment?

    /// Creates a collector.
    ///
    /// - Parameters:
    ///   - preRoll: Audio wanted from before the speech.
    ///   - longest: The longest segment.
    init(preRoll: Duration, longest: Duration) {
        self.longest = longest
        self.preRoll = PreRoll(preRoll)
    }

    /// Speech began at `time`, as `frame` says.
    mutating func began(at time: MediaTime, _ frame: Frame) {
        guard current == nil else { return }
        let earlier = preRoll.take(speechStart: time)
        var segment = SpeechSegment(at: earlier.first?.mediaTime ?? time)
        segment.append(frame)
        for frame in earlier { segment.append(frame) }
        current = segment
    }

    /// Takes audio.
    ///
    /// - Returns: The utterance so far when it has become too long; it goes on with the next segment.
    mutating func hear(_ frame: Frame) -> SpeechSegment? {
        guard current != nil else {
            preRoll.append(frame)
            return nil
        }
        current?.append(frame)
        guard let segment = current, segment.duration >= longest else { return nil }
        current = SpeechSegment(at: frame.endTime)
        return segment
    }

    /// Speech ended at `time`, as `frame` says; without a beginning the segment is empty.
    mutating func ended(at time: MediaTime, _ frame: Frame, now: MediaTime) -> SpeechSegment {
        var segment = current ?? SpeechSegment(at: time)
        current = nil
        segment.append(frame)
        segment.endsUtterance = true
        segment.stopped = now
        return segment
    }
}
