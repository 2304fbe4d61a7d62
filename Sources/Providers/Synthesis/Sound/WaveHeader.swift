// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What stands before the samples of a WAV stream.
struct WaveHeader: Equatable {
    /// Rate, channels and encoding of the samples.
    var format: AudioFormat
    /// Bytes of samples; `nil` where the writer did not know and they go on to the end of the stream.
    var dataBytes: Int?
    /// Bytes before the first sample.
    var byteCount: Int

    /// What the beginning of a stream is.
    enum Reading: Equatable {
        /// Too little has come to tell.
        case incomplete
        /// A header that is all there.
        case header(WaveHeader)
    }

    /// Bytes that may stand before the samples; a longer header is refused.
    static let longest = 1 << 16

    /// Reads as much as there is of a header; chunks other than `fmt ` and `data` are skipped.
    ///
    /// - Parameter bytes: The stream from its beginning, which are `RIFF`.
    /// - Throws: ``SpeechSoundError`` for what is no such stream, or one whose samples cannot be used.
    static func read(_ bytes: [UInt8]) throws(SpeechSoundError) -> Reading {
        guard bytes.count >= 12 else { return .incomplete }
        guard bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8) else { throw .notAudio }
        var format: AudioFormat?
        var offset = 12
        while offset + 8 <= bytes.count {
            let name = bytes[offset..<offset + 4]
            let length = integer(bytes, at: offset + 4, count: 4)
            offset += 8
            if name.elementsEqual("data".utf8) {
                guard let format else { throw .notAudio }
                return .header(WaveHeader(format: format, dataBytes: known(length), byteCount: offset))
            }
            if name.elementsEqual("fmt ".utf8) {
                guard length >= 16 else { throw .notAudio }
                guard offset + 16 <= bytes.count else { break }
                format = try self.format(bytes, at: offset)
            }
            // Chunks are padded to an even length.
            offset += length + length % 2
            guard offset <= longest else { throw .notAudio }
        }
        return .incomplete
    }

    /// A writer to a pipe leaves nothing, or the largest number, where it does not know the length.
    private static func known(_ length: Int) -> Int? { length == 0 || length >= 0x7FFF_0000 ? nil : length }

    private static func format(_ bytes: [UInt8], at offset: Int) throws(SpeechSoundError) -> AudioFormat {
        let code = integer(bytes, at: offset, count: 2)
        let channels = integer(bytes, at: offset + 2, count: 2)
        let rate = integer(bytes, at: offset + 4, count: 4)
        let bits = integer(bytes, at: offset + 14, count: 2)
        let encoding: AudioFormat.Encoding
        switch (code, bits) {
        // 0xFFFE is the extensible form, whose samples are linear in every writer of speech.
        case (1, 16), (0xFFFE, 16): encoding = .linear16
        case (7, 8): encoding = .mulaw
        case (6, 8): encoding = .alaw
        default: throw .unsupported("encoding \(code) with \(bits) bits")
        }
        guard (1...2).contains(channels), (4000...192_000).contains(rate) else {
            throw .unsupported("\(channels) channels at \(rate) Hz")
        }
        return AudioFormat(rateHz: rate, channels: channels, encoding: encoding)
    }

    private static func integer(_ bytes: [UInt8], at offset: Int, count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
