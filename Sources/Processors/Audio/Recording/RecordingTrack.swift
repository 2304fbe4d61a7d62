// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// One side of a recording: turns its audio, whatever the format, into samples at positions of the recording.
///
/// Position 0 is the session's beginning. Samples that follow each other stay together although their media time
/// jitters; the position follows media time as soon as they are 5 ms apart, so that nothing ever drifts.
final class RecordingTrack {
    /// Takes samples and the position of the first.
    typealias Write = (_ samples: UnsafeBufferPointer<Int16>, _ position: Int) -> Void

    private static let jitter = Duration.milliseconds(5)

    private let format: AudioFormat
    private var conversion: AudioConversion?
    private var end = MediaTime.zero
    /// Position behind the last sample.
    private var cursor: Int?

    /// A track without sound.
    ///
    /// - Parameter format: The mono linear format of the samples that come out.
    init(_ format: AudioFormat) { self.format = format }

    /// Takes audio that was heard from `time` on.
    ///
    /// - Throws: What ``AudioConversion`` throws.
    func take(_ audio: Audio, at time: MediaTime, _ write: Write) throws {
        if conversion?.source != audio.format {
            try flush(write)
            conversion = try AudioConversion(from: audio.format, to: format)
        }
        let jump = time - end
        if cursor != nil, jump > Self.jitter || jump < .zero - Self.jitter { try flush(write) }
        guard let conversion else { return }
        let base = time - conversion.inputDuration
        try conversion.convert(audio) { place($0, at: base + $1, write) }
        end = time + audio.duration
    }

    /// Gives what is held.
    func flush(_ write: Write) throws {
        guard let conversion, cursor != nil else { return }
        let base = end - conversion.inputDuration
        try conversion.flush { place($0, at: base + $1, write) }
        cursor = nil
    }

    private func place(_ audio: Audio, at time: MediaTime, _ write: Write) {
        let due = (time - .zero).sampleCount(rate: format.rateHz)
        let position: Int
        if let cursor, abs(due - cursor) <= Self.jitter.sampleCount(rate: format.rateHz) {
            position = cursor
        } else {
            position = due
        }
        audio.withSamples { write($0, position) }
        cursor = position + audio.sampleCount
    }
}

@available(*, unavailable)
extension RecordingTrack: Sendable {}
