// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// An utterance, or a piece of a long one, as it is given to a recogniser that takes whole recordings.
struct SpeechSegment {
    /// The longest stretch of missing audio that is replaced by silence, so that words keep their times.
    private static let longestGap = Duration.seconds(1)
    /// Frames jitter.
    private static let leastGap = Duration.milliseconds(5)
    private static let headerSize = 44

    /// Where its audio begins.
    var start: MediaTime
    /// Whether the utterance ends with it.
    var endsUtterance = false
    /// When the end of speech was noticed.
    var stopped: MediaTime?
    /// Everything that belongs to it, edges of voice activity included.
    private(set) var frames: [Frame] = []
    private var audioEnd: MediaTime?
    /// How long the audio is, silence for gaps included.
    private(set) var duration = Duration.zero
    private var pieces: [(gap: Duration, audio: Audio)] = []

    /// Begins a segment.
    init(at start: MediaTime) { self.start = start }

    /// The format of the audio; `nil` without any.
    var format: AudioFormat? { pieces.first?.audio.format }

    /// Adds a frame.
    mutating func append(_ frame: Frame) {
        frames.append(frame)
        guard let audio = frame.audio else { return }
        var gap = audioEnd.map { min(frame.mediaTime - $0, Self.longestGap) } ?? .zero
        if gap < Self.leastGap { gap = .zero }
        pieces.append((gap, audio))
        duration += gap + audio.duration
        audioEnd = frame.endTime
    }

    /// The audio as a WAVE file whose sizes are right: some servers refuse others.
    ///
    /// - SeeAlso: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991, RIFF WAVE.
    func wave() -> ByteBuffer {
        let format = format ?? .wideband
        let gaps = pieces.map { $0.gap.sampleCount(rate: format.rateHz) * format.bytesPerSample }
        let size = zip(gaps, pieces).reduce(0) { $0 + $1.0 + $1.1.audio.byteCount }
        var file = ByteBuffer()
        file.reserveCapacity(Self.headerSize + size)
        file.writeString("RIFF")
        file.writeInteger(UInt32(Self.headerSize - 8 + size), endianness: .little)
        file.writeString("WAVEfmt ")
        file.writeInteger(UInt32(16), endianness: .little)
        file.writeInteger(UInt16(1), endianness: .little)
        file.writeInteger(UInt16(format.channels), endianness: .little)
        file.writeInteger(UInt32(format.rateHz), endianness: .little)
        file.writeInteger(UInt32(format.rateHz * format.bytesPerSample), endianness: .little)
        file.writeInteger(UInt16(format.bytesPerSample), endianness: .little)
        file.writeInteger(UInt16(16), endianness: .little)
        file.writeString("data")
        file.writeInteger(UInt32(size), endianness: .little)
        writeSamples(to: &file)
        return file
    }

    /// Writes the samples without a header.
    func writeSamples(to buffer: inout ByteBuffer) {
        for (gap, audio) in pieces {
            let missing = gap.sampleCount(rate: audio.format.rateHz) * audio.format.bytesPerSample
            buffer.writeRepeatingByte(0, count: missing)
            _ = audio.withBytes { buffer.writeBytes($0) }
        }
    }
}
