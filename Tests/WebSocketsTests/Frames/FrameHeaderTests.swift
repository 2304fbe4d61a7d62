// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import WebSockets

@Suite struct FrameHeaderTests {
    @Test(arguments: [0, 1, 125, 126, 127, 65535, 65536, 1 << 40]) func roundTrips(_ length: Int) throws {
        for mask in [nil, MaskingKey(bits: 0x0102_0304)] {
            let header = FrameHeader(opcode: .binary, isFinal: false, length: length, mask: mask)
            var bytes = ByteBuffer()
            header.write(to: &bytes)
            for count in 0..<bytes.readableBytes {
                var part = bytes.getSlice(at: 0, length: count) ?? ByteBuffer()
                #expect(try FrameHeader.read(from: &part, isMasked: mask != nil, limit: .max) == nil)
                #expect(part.readableBytes == count)
            }
            #expect(try FrameHeader.read(from: &bytes, isMasked: mask != nil, limit: .max) == header)
            #expect(bytes.readableBytes == 0)
        }
    }

    @Test(
        arguments: [
            [0x82, 0x7E, 0x00, 0x7D], [0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF],
            [0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func refusesLengthsThatAreNotMinimal(_ bytes: [UInt8]) {
        var input = ByteBuffer(bytes: bytes)
        #expect(throws: WebSocketViolation.self) {
            try FrameHeader.read(from: &input, isMasked: false, limit: .max)
        }
    }

    @Test func masksFromAnyOffset() {
        let payload = (0..<100).map { UInt8($0) }
        let key = MaskingKey(bits: 0xDDCC_BBAA)
        let expected = payload.enumerated().map { $1 ^ [0xAA, 0xBB, 0xCC, 0xDD][$0 & 3] }
        for cut in 0...40 {
            var bytes = payload
            bytes.withUnsafeMutableBytes { all in
                key.apply(to: .init(rebasing: all[..<cut]))
                key.advanced(by: cut).apply(to: .init(rebasing: all[cut...]))
            }
            #expect(bytes == expected)
        }
    }
}
