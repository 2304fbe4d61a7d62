// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Finds the samples in the bytes of a sentence's speech, however these are cut into pieces.
///
/// A WAV header at the beginning is read and left out, so that nobody hears it; its rate is the truth. What comes without
/// a header has the format that was asked for. A sample that is cut waits for its rest; half a sample at the end is
/// dropped. Holds a header or a part of a sample, nothing more.
struct SpeechBytes {
    /// How long a sentence's speech may be.
    static let longest = Duration.seconds(600)
    static let longestText = "10 minutes"

    /// The format of the samples: as a header says, else as was asked for; `nil` while a header is needed to tell.
    private(set) var format: AudioFormat?
    /// How long the speech is; `nil` unless a header says so.
    private(set) var announced: Duration?
    private var isHeaderPossible = true
    private var waiting: [UInt8] = []
    /// Bytes of samples that are still to come, where a header says how many.
    private var remaining = Int.max
    /// Bytes of samples that are still taken.
    private var budget = 0

    /// Expects speech.
    ///
    /// - Parameter format: What was asked for; `nil` for an answer that must begin with a header.
    init(_ format: AudioFormat?) {
        self.format = format
        if let format { budget = Self.budget(format) }
    }

    private static func budget(_ format: AudioFormat) -> Int {
        longest.sampleCount(rate: format.rateHz) * format.bytesPerSample
    }

    /// Takes the next bytes and returns the samples that are whole now.
    ///
    /// - Throws: ``SpeechSoundError``.
    mutating func take(_ bytes: some Collection<UInt8>) throws(SpeechSoundError) -> [UInt8] {
        waiting.append(contentsOf: bytes)
        if isHeaderPossible {
            guard try passHeader() else { return [] }
            isHeaderPossible = false
        }
        return try takeSamples()
    }

    /// The samples of speech that ended before it could be told whether it has a header.
    mutating func finish() throws(SpeechSoundError) -> [UInt8] {
        guard isHeaderPossible, !waiting.isEmpty else { return [] }
        // Less than four bytes, or a header without samples.
        if waiting.count >= 4 { throw .notAudio }
        isHeaderPossible = false
        return try takeSamples()
    }

    /// Whether it is known what stands at the beginning.
    private mutating func passHeader() throws(SpeechSoundError) -> Bool {
        guard waiting.count >= 4 else { return false }
        guard waiting.starts(with: "RIFF".utf8) else {
            if let name = Self.compression(waiting) { throw .compressed(name) }
            guard format != nil else { throw .notAudio }
            return true
        }
        guard case .header(let header) = try WaveHeader.read(waiting) else {
            guard waiting.count <= WaveHeader.longest else { throw .notAudio }
            return false
        }
        format = header.format
        budget = Self.budget(header.format)
        if let bytes = header.dataBytes {
            remaining = bytes
            announced = .samples(bytes / header.format.bytesPerSample, rate: header.format.rateHz)
        }
        waiting.removeFirst(header.byteCount)
        return true
    }

    private mutating func takeSamples() throws(SpeechSoundError) -> [UInt8] {
        guard let width = format?.bytesPerSample else { throw .notAudio }
        let count = min(waiting.count, remaining) / width * width
        let samples = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        remaining -= count
        budget -= count
        guard budget >= 0 else { throw .endless }
        // What follows the samples of a file is not sound.
        if remaining < width { waiting.removeAll() }
        return samples
    }

    private static func compression(_ bytes: [UInt8]) -> String? {
        let names = [("ID3", "MP3"), ("OggS", "Ogg"), ("fLaC", "FLAC")]
        return names.first { bytes.starts(with: $0.0.utf8) }?.1
    }
}
