// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import Testing

@testable import Providers

struct WyomingDecoderTests {
    private static let events = [
        WyomingEvent("transcribe", ["language": "en"]),
        WyomingEvent("audio-chunk", .wideband, payload: ByteBuffer(bytes: [1, 10, 13, 0])),
        WyomingEvent("audio-stop"),
        WyomingEvent("transcript", ["text": "héllo\n\"you\""]),
    ]
    private static let bytes = events.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1.bytes) }

    @Test func writesWhatTheReferenceReads() {
        #expect(String(buffer: WyomingEvent("audio-stop").bytes) == "{\"type\":\"audio-stop\"}\n")
        let text = String(buffer: WyomingEvent("synthesize", ["text": "héllo"]).bytes)
        #expect(text == "{\"type\":\"synthesize\",\"data_length\":17}\n{\"text\":\"héllo\"}")
    }

    @Test func readsDataInTheHeaderInTheBlockAndInBoth() throws {
        var decoder = WyomingDecoder()
        let block = #"{"a":2,"c":3}"#
        let text = #"{"type":"x","version":"1","data":{"a":1,"b":1},"data_length":13,"payload_length":null}"#
        let events = try decoder.take(ByteBuffer(string: text + "\n" + block + "{\"type\":\"y\",\"data\":{\"a\":1}}\n"))
        #expect(events == [WyomingEvent("x", ["b": 1, "a": 2, "c": 3]), WyomingEvent("y", ["a": 1])])
    }

    @Test(arguments: 0..<100)
    func anyChunksGiveTheSameEvents(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var decoder = WyomingDecoder()
        var rest = Self.bytes
        var events: [WyomingEvent] = []
        while rest.readableBytes > 0 {
            let length = min(Int.random(in: 1...40, using: &random), rest.readableBytes)
            guard let piece = rest.readSlice(length: length) else { break }
            events += try decoder.take(piece)
        }
        #expect(events == Self.events)
        #expect(decoder.isBetweenEvents)
    }

    @Test func everyCutGivesWhatWasWhole() throws {
        let ends = Self.events.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.bytes.readableBytes) }
        for cut in 0..<Self.bytes.readableBytes {
            var decoder = WyomingDecoder()
            let events = try decoder.take(Self.bytes.getSlice(at: 0, length: cut) ?? ByteBuffer())
            #expect(events == Array(Self.events.prefix(ends.dropFirst().count { $0 <= cut })))
            #expect(decoder.isBetweenEvents == ends.contains(cut))
        }
    }

    @Test(arguments: [
        "\n", "[]\n", "{}\n", "{\"type\":5}\n", "{\"type\":\"x\",\"data_length\":-1}\n",
        "{\"type\":\"x\",\"data_length\":2}\n[]", "{\"type\":\"x\",\"payload_length\":999999999999}\n",
    ])
    func refusesWhatIsNoEvent(text: String) {
        var decoder = WyomingDecoder()
        #expect { try decoder.take(ByteBuffer(string: text)) } throws: { ($0 as? ProviderError)?.kind == .malformed }
    }

    @Test func refusesAHeaderWithoutEnd() {
        var decoder = WyomingDecoder()
        #expect(throws: ProviderError.self) {
            try decoder.take(ByteBuffer(repeating: UInt8(ascii: "a"), count: 64 * 1024 + 1))
        }
    }

    @Test(arguments: 0..<300)
    func noiseIsRefusedOrWaitsForMore(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var bytes = Array(Self.bytes.readableBytesView)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        var decoder = WyomingDecoder()
        _ = try? decoder.take(ByteBuffer(bytes: bytes))
    }
}
