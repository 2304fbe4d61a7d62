// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A WAV file written to a pipe: its header does not know the length, so the data go on to the end of the stream.
///
/// Linear 16-bit samples only. Chunks other than `fmt ` and `data` are skipped; half a sample at the end is dropped.
struct WaveStream: Equatable {
    /// Why bytes are not such a stream.
    enum Error: Swift.Error, Equatable {
        /// The bytes do not begin with `RIFF`, a length and `WAVE`.
        case notWave
        /// The stream ends before its samples begin.
        case truncated
        /// The samples are not 16-bit linear, or have an impossible rate or number of channels.
        case unsupported(encoding: Int, bits: Int, channels: Int, rateHz: Int)
    }

    /// Rate and channels.
    let format: AudioFormat
    /// The samples, interleaved.
    let samples: [Int16]

    /// Reads a whole stream.
    ///
    /// - Throws: ``Error``.
    init(_ bytes: [UInt8]) throws(Error) {
        guard bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WAVE".utf8) else { throw .notWave }
        var format: AudioFormat?
        var offset = 12
        while offset + 8 <= bytes.count {
            let length = Int(Self.integer(bytes, at: offset + 4, count: 4))
            let name = bytes[offset..<offset + 4]
            offset += 8
            if name.elementsEqual("data".utf8), let format {
                self.format = format
                samples = Self.samples(bytes[offset..<min(offset + length, bytes.count)])
                return
            }
            if name.elementsEqual("fmt ".utf8) { format = try Self.format(bytes, at: offset, length: length) }
            // Chunks are padded to an even length.
            offset += length + length % 2
        }
        throw .truncated
    }

    private static func format(_ bytes: [UInt8], at offset: Int, length: Int) throws(Error) -> AudioFormat {
        guard length >= 16, offset + 16 <= bytes.count else { throw .truncated }
        let encoding = integer(bytes, at: offset, count: 2)
        let channels = integer(bytes, at: offset + 2, count: 2)
        let rate = integer(bytes, at: offset + 4, count: 4)
        let bits = integer(bytes, at: offset + 14, count: 2)
        // Encoding 1 is linear PCM.
        guard encoding == 1, bits == 16, (1...2).contains(channels), (1...192_000).contains(rate) else {
            throw .unsupported(encoding: encoding, bits: bits, channels: channels, rateHz: rate)
        }
        return AudioFormat(rateHz: rate, channels: channels)
    }

    private static func samples(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        stride(from: bytes.startIndex, to: bytes.endIndex - bytes.count % 2, by: 2).map { index in
            Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
        }
    }

    private static func integer(_ bytes: [UInt8], at offset: Int, count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
