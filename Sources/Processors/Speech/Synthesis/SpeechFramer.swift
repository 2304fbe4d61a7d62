// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Cuts the samples of a synthesiser into frames of 20 ms and places them one after the other in media time.
///
/// Knows no clock: speech begins at the time given, or where the speech before it ends if that is later.
struct SpeechFramer {
    private let format: AudioFormat
    private let frameLength: Int
    private var waiting: [Int16] = []
    private var start = MediaTime.zero
    private var framedSamples = 0

    /// Creates a framer of linear audio.
    init(_ format: AudioFormat) {
        self.format = format
        frameLength = Duration.milliseconds(20).sampleCount(rate: format.rateHz)
    }

    /// Where the audio so far ends.
    var end: MediaTime { start + .samples(framedSamples + waiting.count / format.channels, rate: format.rateHz) }

    /// Begins a stretch of speech.
    mutating func begin(at time: MediaTime) {
        start = max(time, end)
        framedSamples = 0
        waiting.removeAll(keepingCapacity: true)
    }

    /// Forgets where the last speech ended: it is not heard.
    mutating func forget() {
        start = .zero
        framedSamples = 0
        waiting.removeAll(keepingCapacity: true)
    }

    /// Adds samples and returns the frames that are full; the last one of a stretch may be shorter.
    mutating func append(_ samples: some Collection<Int16>, isLast: Bool = false) -> [Frame] {
        waiting.append(contentsOf: samples)
        let width = frameLength * format.channels
        var frames: [Frame] = []
        var offset = 0
        while waiting.count - offset >= width || (isLast && offset < waiting.count) {
            let piece = waiting[offset..<min(offset + width, waiting.count)]
            let time = start + .samples(framedSamples, rate: format.rateHz)
            frames.append(Frame(audio: Audio(format: format, samples: piece), at: time))
            framedSamples += piece.count / format.channels
            offset += piece.count
        }
        waiting.removeFirst(offset)
        return frames
    }
}
