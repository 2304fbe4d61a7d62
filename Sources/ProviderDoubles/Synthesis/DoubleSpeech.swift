// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import PipelineKit

/// What a double says in place of a sentence: as long as its text, and in a voice by which it is known again.
///
/// Every sample of a sentence has one value, whose two bytes differ, and every sentence another: a sample of the wrong
/// sentence, a header or a byte too many are found anywhere in a stream.
package struct DoubleSpeech: Sendable {
    /// Time that a character takes.
    package var perCharacter = Duration.milliseconds(50)
    /// Time before the first of a sentence.
    package var delay = Duration.zero
    /// The pieces in which it comes, each as long as this.
    package var piece = Duration.milliseconds(200)

    /// Creates a voice.
    package init() {}

    /// The value of each sample of a sentence.
    package static func value(of text: String) -> Int16 {
        let hash = trimmed(text).utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let (high, low) = (hash % 100 + 20, hash / 100 % 15 + 1)
        return Int16(high << 8 | low)
    }

    /// The code of each sample of a sentence in G.711.
    package static func code(of text: String) -> UInt8 { UInt8(truncatingIfNeeded: value(of: text) >> 8) }

    /// Samples of a sentence.
    package func sampleCount(of text: String, rateHz: Int) -> Int {
        (perCharacter * Self.trimmed(text).count).sampleCount(rate: rateHz)
    }

    /// The bytes of a sentence, without a header.
    package func bytes(of text: String, _ format: AudioFormat) -> [UInt8] {
        let count = sampleCount(of: text, rateHz: format.rateHz)
        guard format.encoding == .linear16 else { return [UInt8](repeating: Self.code(of: text), count: count) }
        let value = UInt16(bitPattern: Self.value(of: text))
        return (0..<count).flatMap { _ in [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
    }

    /// A whole WAV file of a sentence; of unknown length if it is `streamed`.
    package func wave(of text: String, rateHz: Int, streamed: Bool = false) -> [UInt8] {
        let samples = bytes(of: text, AudioFormat(rateHz: rateHz))
        let length = UInt32(streamed ? 0 : samples.count)
        var bytes = Array("RIFF".utf8) + Self.integer(streamed ? .max : length + 36) + Array("WAVEfmt ".utf8)
        bytes += Self.integer(16) + [1, 0, 1, 0] + Self.integer(UInt32(rateHz)) + Self.integer(UInt32(rateHz * 2))
        bytes += [2, 0, 16, 0] + Array("data".utf8) + Self.integer(streamed ? .max : length)
        return bytes + samples
    }

    /// The steps by which bytes come.
    package func steps(_ bytes: [UInt8], byteRate: Int) -> [DoubleStep] {
        let length = max(1, piece.sampleCount(rate: byteRate))
        var steps: [DoubleStep] = delay > .zero ? [.wait(delay)] : []
        for start in stride(from: 0, to: bytes.count, by: length) {
            steps.append(.bytes(bytes[start..<min(start + length, bytes.count)]))
        }
        return steps
    }

    private static func integer(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A text without the white space around it, which is not spoken.
    static func trimmed(_ text: String) -> Substring {
        let head = text.drop(while: \.isWhitespace)
        return head.lastIndex { !$0.isWhitespace }.map { head[...$0] } ?? ""
    }
}
