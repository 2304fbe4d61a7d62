// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct WaveStreamTests {
    /// A header as espeak-ng writes it: its lengths say "unknown".
    private func stream(
        encoding: UInt8 = 1, channels: UInt8 = 1, bits: UInt8 = 16, before extra: [UInt8] = [], data: [UInt8]
    ) -> [UInt8] {
        let format: [UInt8] = [
            encoding, 0, channels, 0, 0x22, 0x56, 0, 0, 0x44, 0xAC, 0, 0, 2 * channels, 0, bits, 0,
        ]
        return Array("RIFF".utf8) + [0x24, 0xF0, 0xFF, 0x7F] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0] + format + extra
            + Array("data".utf8) + [0, 0xF0, 0xFF, 0x7F] + data
    }

    @Test func readsToTheEndOfAStreamOfUnknownLength() throws {
        let wave = try WaveStream(stream(data: [1, 0, 0xFF, 0xFF, 0x00, 0x80]))
        #expect(wave.format == AudioFormat(rateHz: 22_050))
        #expect(wave.samples == [1, -1, -32768])
    }

    @Test func skipsOtherChunksAndHalfASample() throws {
        let list = Array("LIST".utf8) + [3, 0, 0, 0] + [9, 9, 9, 0]
        #expect(try WaveStream(stream(before: list, data: [1, 0, 7])).samples == [1])
    }

    @Test func reportsWhatItCannotRead() {
        #expect(throws: WaveStream.Error.notWave) { try WaveStream([]) }
        #expect(throws: WaveStream.Error.notWave) { try WaveStream(Array("Error: no such voice".utf8)) }
        #expect(throws: WaveStream.Error.truncated) { try WaveStream(Array(stream(data: []).prefix(30))) }
        #expect(throws: WaveStream.Error.truncated) { try WaveStream(Array(stream(data: []).prefix(40))) }
        #expect(throws: WaveStream.Error.unsupported(encoding: 7, bits: 8, channels: 1, rateHz: 22_050)) {
            try WaveStream(stream(encoding: 7, bits: 8, data: []))
        }
    }

    @Test func neverTrapsOnDamagedBytes() {
        var random = SeededGenerator(seed: 7)
        let good = stream(data: [UInt8](repeating: 1, count: 40))
        for _ in 0..<2000 {
            var bytes = Array(good.prefix(Int.random(in: 0...good.count, using: &random)))
            for _ in 0..<4 where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            if let wave = try? WaveStream(bytes) { #expect(wave.samples.count <= good.count / 2) }
        }
    }
}
