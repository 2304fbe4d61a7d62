// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineTesting
import Providers
import Testing

@Suite struct ServerSentEventsTests {
    private static func events(_ text: String) throws -> [String] {
        var reader = ServerSentEvents()
        return try reader.take(ByteBuffer(string: text)).map { "\($0.name)|\(String(buffer: $0.data))" }
    }

    @Test func readsNameAndData() throws {
        #expect(try Self.events("event: ping\ndata: {}\n\ndata:1\n\n") == ["ping|{}", "|1"])
    }

    @Test func joinsLinesOfData() throws {
        #expect(try Self.events("data: a\r\ndata:  b\rdata\r\n\r\n") == ["|a\n b\n"])
    }

    @Test func skipsCommentsUnknownFieldsAndEventsWithoutData() throws {
        #expect(try Self.events(": PROCESSING\n\nid: 7\nretry: 3\nevent: x\n\ndata: y\nnonsense\n\n") == ["|y"])
    }

    @Test func skipsAByteOrderMarkAtTheBeginningOnly() throws {
        #expect(try Self.events("\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n") == ["|a"])
    }

    @Test func holdsBackAnEventWithoutItsBlankLine() throws {
        #expect(try Self.events("data: a\n\ndata: b\n") == ["|a"])
    }

    @Test func refusesAnEventThatIsTooLarge() throws {
        var reader = ServerSentEvents(maxEventBytes: 16)
        #expect(throws: ProviderError.self) {
            for _ in 0..<8 { _ = try reader.take(ByteBuffer(string: "data: abc\n")) }
        }
        var names = ServerSentEvents(maxEventBytes: 16)
        #expect(throws: ProviderError.self) { try names.take(ByteBuffer(string: "event: a long name of an event")) }
    }

    @Test(arguments: 0..<200) func givesTheSameEventsHoweverTheyAreCut(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let parts = ["data: ä\n", "data:b\r\n", "event: e\n", ": c\n", "\n", "\r", "\r\n", "d", "data: "]
        let text = (0..<40).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
        var whole = ServerSentEvents()
        var pieces = ServerSentEvents()
        let expected = try whole.take(ByteBuffer(string: text))
        var events: [ServerSentEvents.Event] = []
        for piece in Array(text.utf8).cut(using: &random) { events += try pieces.take(ByteBuffer(bytes: piece)) }
        #expect(events == expected)
    }

    @Test(arguments: 0..<100) func neverTrapsOnNoise(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var reader = ServerSentEvents(maxEventBytes: 64)
        for _ in 0..<50 {
            let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            guard let events = try? reader.take(ByteBuffer(bytes: bytes)) else { return }
            #expect(events.allSatisfy { $0.data.readableBytes <= 64 })
        }
    }
}
