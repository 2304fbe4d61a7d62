// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineTesting
import Testing

@testable import Transports

@Suite struct RTVIFrameTests {
    private static let message = #"{"label":"rtvi-ai","type":"client-ready","id":"1","data":{}}"#
    private static let samples = ByteBuffer(bytes: [1, 0, 2, 0])

    private func bytes(_ hex: String) -> ByteBuffer {
        let digits = Array(hex.utf8)
        return ByteBuffer(
            bytes: stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
            })
    }

    @Test func readsAndWritesWhatTheReferenceWrites() throws {
        let audio = RTVIFrame.audio(.init(samples: Self.samples, rateHz: 16000, channels: 1))
        #expect(audio.bytes == bytes("120b1a040100020020807d2801"))
        #expect(try RTVIFrame(audio.bytes) == audio)
        var message = bytes("223e0a3c")
        message.writeString(Self.message)
        #expect(RTVIFrame.message(ByteBuffer(string: Self.message)).bytes == message)
        #expect(try RTVIFrame(message) == .message(ByteBuffer(string: Self.message)))
        #expect(RTVIFrame.text("hi").bytes == bytes("0a041a026869"))
        #expect(RTVIFrame.interruption.bytes == bytes("2a00"))
        #expect(try RTVIFrame(bytes("2a00")) == .interruption)
        #expect(try RTVIFrame(bytes("1a0a1a0268692201752a0174")) == .transcription("hi"))
    }

    @Test func readsOverWhatItDoesNotKnow() throws {
        // An id and a name come before the samples, as the reference's serializer writes them.
        #expect(
            try RTVIFrame(bytes("1224080c12154f7574707574417564696f5261774672616d6523311a040100020020807d2801"))
                == .audio(.init(samples: Self.samples, rateHz: 16000, channels: 1)))
        #expect(try RTVIFrame(bytes("0a13080e120b546578744672616d6523301a026869")) == .text("hi"))
        #expect(
            try RTVIFrame(bytes("2a17080f1213496e74657272757074696f6e4672616d652330")) == .interruption)
        let audio = RTVIFrame.audio(.init(samples: Self.samples, rateHz: 24000, channels: 1))
        #expect(try RTVIFrame(bytes("121108071201411a040100020020c0bb012801")) == audio)
        #expect(try RTVIFrame(bytes("")) == .unknown)
        #expect(try RTVIFrame(bytes("3a020801")) == .unknown)
        // Fixed values of 8 and 4 bytes, then a text.
        #expect(try RTVIFrame(bytes("09000000000000000015000000000a041a026869")) == .text("hi"))
    }

    @Test(arguments: [
        "12", "120b1a04", "0aff", "80", "ffffffffffffffffffffff", "0b", "00", "1202ffff", "12ffffffffffffffffff01",
    ])
    func refusesWhatIsNoMessage(hex: String) {
        #expect(throws: ProtobufReader.Malformed.self) { try RTVIFrame(bytes(hex)) }
    }

    @Test(arguments: 1...8) func neverTrapsOnRandomBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let frames: [RTVIFrame] = [
            .audio(.init(samples: Self.samples, rateHz: .max, channels: 1)), .text("hé"), .interruption,
            .message(ByteBuffer(string: Self.message)),
        ]
        for _ in 0..<2000 {
            var bytes = Array((frames.randomElement(using: &random) ?? .unknown).bytes.readableBytesView)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                if Bool.random(using: &random) || place == bytes.count {
                    bytes.insert(.random(in: 0...255, using: &random), at: place)
                } else {
                    bytes[place] = .random(in: 0...255, using: &random)
                }
            }
            guard let frame = try? RTVIFrame(ByteBuffer(bytes: bytes)) else { continue }
            #expect(try RTVIFrame(frame.bytes) == frame)
        }
    }
}
