// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// The rate, the left and the right samples of a file that was recorded.
func readRecording(_ path: String) throws -> (rate: Int, left: [Int16], right: [Int16]) {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 10_000_000)
    bytes.removeSubrange(fread(&bytes, 1, bytes.count, file)...)
    try #require(bytes.count >= 44)
    func number(_ offset: Int, _ width: Int) -> Int {
        (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
    }
    #expect(String(decoding: bytes[0..<4] + bytes[8..<16], as: UTF8.self) == "RIFFWAVEfmt ")
    #expect(number(4, 4) == bytes.count - 8)
    #expect(number(40, 4) == bytes.count - 44)
    #expect([number(20, 2), number(22, 2), number(34, 2)] == [1, 2, 16])
    let samples = stride(from: 44, to: bytes.count, by: 2).map { Int16(truncatingIfNeeded: number($0, 2)) }
    return (
        number(24, 4), stride(from: 0, to: samples.count, by: 2).map { samples[$0] },
        stride(from: 1, to: samples.count, by: 2).map { samples[$0] }
    )
}
