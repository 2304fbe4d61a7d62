// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// An utterance in progress: the decoder that hears it, and the audio that waits to be given to it.
///
/// Missing audio, such as a full queue drops, is replaced by silence, so that the words keep their times.
struct PocketsphinxUtterance {
    /// The longest stretch of missing audio that is replaced.
    private static let longestGap = Duration.seconds(1)
    private static let rateHz = AudioFormat.wideband.rateHz

    /// The decoder, given back when the utterance is dropped.
    let lease: PocketsphinxLease
    /// Where the first sample lies on the session's clock.
    private(set) var start: MediaTime
    /// What was told of it so far.
    var partial: PartialWords
    private var isOpen = false
    private var waiting: [Int16] = []
    private var sampleCount = 0

    /// Begins an utterance.
    init(_ lease: PocketsphinxLease, at start: MediaTime, partial: PartialWords) {
        self.lease = lease
        self.start = start
        self.partial = partial
    }

    /// How long the audio is, the waiting part included.
    var duration: Duration { .samples(sampleCount, rate: Self.rateHz) }
    /// How long the waiting audio is.
    var waitingDuration: Duration { .samples(waiting.count, rate: Self.rateHz) }

    /// Adds the audio of a frame.
    mutating func append(_ audio: Audio, at time: MediaTime) {
        let gap = min(time - (start + duration), Self.longestGap)
        // Clocks may differ by a rounding, frames by their jitter.
        if gap >= .milliseconds(5) { append([Int16](repeating: 0, count: gap.sampleCount(rate: Self.rateHz))) }
        audio.withSamples { append($0) }
    }

    private mutating func append(_ samples: some Collection<Int16>) {
        waiting.append(contentsOf: samples)
        sampleCount += samples.count
    }

    /// Takes the waiting audio, as work for the decoder: begins the utterance if that is to be done, hears the audio,
    /// then does `next`.
    mutating func takeWork<Result: Sendable>(
        _ next: @escaping @Sendable (PocketsphinxDecoder) throws(PocketsphinxError) -> Result
    ) -> @Sendable () throws -> Result {
        let (samples, lease, isFirst) = (waiting, lease, !isOpen)
        waiting.removeAll(keepingCapacity: true)
        isOpen = true
        return {
            try lease.withDecoder { (decoder) throws(PocketsphinxError) in
                if isFirst { try decoder.start() }
                try samples.withUnsafeBufferPointer { samples in
                    Swift.Result { () throws(PocketsphinxError) in try decoder.process(samples) }
                }.get()
                return try next(decoder)
            }
        }
    }

    /// Continues as a new utterance where this one was cut.
    mutating func beginNext(partial: PartialWords) {
        start = start + duration
        sampleCount = 0
        isOpen = false
        self.partial = partial
    }
}
