// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineTesting
import Testing

@testable import WebSockets

/// Bytes of chance never trap the reader, and it never holds more than its limits.
@Suite struct MessageReaderFuzzTests {
    @Test(arguments: 0..<200 as Range<UInt64>) func survivesRandomBytes(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<2000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        _ = read(bytes, &generator)
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func survivesMutatedMessages(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var bytes = stream(&generator).flatMap { $0.bytes(mask: generator.next().low) }
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard let index = bytes.indices.randomElement(using: &generator) else { continue }
            bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        }
        _ = read(bytes, &generator)
    }

    @Test(arguments: 0..<100 as Range<UInt64>) func readsTheSameHoweverTheStreamIsCut(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let frames = stream(&generator)
        let bytes = frames.flatMap { $0.bytes(mask: generator.next().low) }
        let cut = read(bytes, &generator)
        var whole = ByteBuffer(bytes: bytes)
        var reader = MessageReader(isMasked: true, maxFrameBytes: 1000, maxMessageBytes: 3000)
        var messages: [IncomingMessage] = []
        while let message = try reader.next(&whole) { messages.append(message) }
        #expect(cut == messages)
        #expect(messages.count == frames.count { $0.first & 0x80 != 0 })
    }

    private func read(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [IncomingMessage] {
        var reader = MessageReader(isMasked: true, maxFrameBytes: 1000, maxMessageBytes: 3000)
        var messages: [IncomingMessage] = []
        var input = ByteBuffer()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...64, using: &generator))
            rest = rest.dropFirst(piece.count)
            input.writeBytes(piece)
            do {
                while let message = try reader.next(&input) { messages.append(message) }
            } catch {
                return messages
            }
            #expect(input.readableBytes < FrameHeader.longest)
        }
        return messages
    }

    /// Valid messages, some in fragments with pings between them.
    private func stream(_ generator: inout SeededGenerator) -> [WireFrame] {
        (0..<Int.random(in: 1...8, using: &generator)).flatMap { _ -> [WireFrame] in
            let text = Array(String(repeating: "aµ€😀", count: Int.random(in: 0...60, using: &generator)).utf8)
            let cut = Int.random(in: 0...text.count, using: &generator)
            guard Bool.random(using: &generator) else { return [.text(text)] }
            return [.begin(Array(text[..<cut])), .ping("p"), .last(Array(text[cut...]))]
        }
    }
}

extension UInt64 {
    fileprivate var low: UInt32 { UInt32(truncatingIfNeeded: self) }
}
