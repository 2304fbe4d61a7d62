// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Cuts speech of any encoding into frames of 20 ms and places them one after the other in media time.
///
/// Knows no clock: speech begins at the time given, or where the speech before it ends if that is later.
struct SpeechCutter {
    /// The format of the frames.
    let format: AudioFormat
    private let frameLength: Int
    private var waiting: [UInt8] = []
    private var start = MediaTime.zero
    private var framedSamples = 0

    /// Creates a cutter of linear or G.711 audio.
    init(_ format: AudioFormat) {
        self.format = format
        frameLength = Duration.milliseconds(20).sampleCount(rate: format.rateHz) * format.bytesPerSample
    }

    /// Where the audio so far ends.
    var end: MediaTime { start + .samples(framedSamples, rate: format.rateHz) + held }
    /// How long what waits for the rest of its frame is.
    var held: Duration { .samples(waiting.count / format.bytesPerSample, rate: format.rateHz) }

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

    /// Adds whole samples and returns the frames that are full; the last one of a stretch may be shorter.
    mutating func append(_ samples: some Collection<UInt8>, isLast: Bool = false) -> [Frame] {
        waiting.append(contentsOf: samples)
        var frames: [Frame] = []
        var offset = 0
        while waiting.count - offset >= frameLength || (isLast && offset < waiting.count) {
            let piece = waiting[offset..<min(offset + frameLength, waiting.count)]
            frames.append(place(audio(piece)))
            offset += piece.count
        }
        waiting.removeFirst(offset)
        return frames
    }

    /// Places audio that was cut before.
    mutating func place(_ audio: Audio) -> Frame {
        defer { framedSamples += audio.sampleCount }
        return Frame(audio: audio, at: start + .samples(framedSamples, rate: format.rateHz))
    }

    private func audio(_ bytes: ArraySlice<UInt8>) -> Audio {
        Audio(format: format, sampleCount: bytes.count / format.bytesPerSample, byteCount: bytes.count) { target in
            bytes.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }
}
