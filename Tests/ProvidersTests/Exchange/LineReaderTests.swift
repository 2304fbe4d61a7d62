// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineTesting
import Providers
import Testing

@Suite struct LineReaderTests {
    private static func lines(_ pieces: [String]) throws -> [String] {
        var reader = LineReader()
        var lines = try pieces.flatMap { try reader.take(ByteBuffer(string: $0)) }
        if let rest = reader.rest() { lines.append(rest) }
        return lines.map { String(buffer: $0) }
    }

    @Test func endsALineAtEachKindOfEnd() throws {
        #expect(try Self.lines(["a\nb\r\nc\rd\n\ne"]) == ["a", "b", "c", "d", "", "e"])
    }

    @Test func takesAReturnAndALineFeedInTwoPiecesAsOneEnd() throws {
        #expect(try Self.lines(["a\r", "\nb\r", "c\r", "", "\n", "\nd"]) == ["a", "b", "c", "", "d"])
    }

    @Test func refusesALineThatIsTooLong() throws {
        var reader = LineReader(maxLineBytes: 4)
        #expect(try reader.take(ByteBuffer(string: "abcd\nab")).map { String(buffer: $0) } == ["abcd"])
        #expect(throws: ProviderError.self) { try reader.take(ByteBuffer(string: "cde")) }
    }

    @Test(arguments: 0..<200) func givesTheSameLinesHoweverTheyAreCut(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet: [UInt8] = [0x0A, 0x0D, 0x61, 0xC3, 0xA4]
        let bytes = (0..<64).map { _ in alphabet[Int.random(in: 0..<5, using: &random)] }
        var whole = LineReader()
        var pieces = LineReader()
        let expected = try whole.take(ByteBuffer(bytes: bytes))
        var lines: [ByteBuffer] = []
        for piece in bytes.cut(using: &random) { lines += try pieces.take(ByteBuffer(bytes: piece)) }
        #expect(lines == expected)
        #expect(pieces.rest() == whole.rest())
    }
}

extension [UInt8] {
    /// The bytes in pieces of random lengths, some of them empty.
    func cut(using random: inout SeededGenerator) -> [ArraySlice<UInt8>] {
        var (pieces, rest) = ([ArraySlice<UInt8>](), self[...])
        while !rest.isEmpty {
            let count = Swift.min(Int.random(in: 0...5, using: &random), rest.count)
            pieces.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
