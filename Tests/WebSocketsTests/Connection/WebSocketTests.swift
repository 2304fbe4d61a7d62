// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Testing

@testable import WebSockets

@Suite struct WebSocketTests {
    @Test func opensThenHandsOnMessagesThenCloses() throws {
        let peer = try WirePeer()
        try peer.send(WireFrame.text("a").bytes() + WireFrame.binary([1, 2]).bytes())
        try peer.send(WireFrame.close(4001, Array("bye".utf8)).bytes())
        #expect(peer.handler.heard == [.opened, .text("a"), .binary([1, 2]), .closed(.init(rawValue: 4001))])
        #expect(peer.handler.reason == "bye")
        #expect(!peer.channel.isActive)
    }

    @Test func closesWithAHandshake() throws {
        let peer = try WirePeer()
        peer.socket.close(.goingAway, reason: "see you")
        #expect(try peer.takeFrames() == [.close(1001, Array("see you".utf8))])
        try peer.send(WireFrame.text("too late").bytes() + WireFrame.close(1001).bytes())
        #expect(peer.handler.heard == [.opened, .closed(.goingAway)])
        #expect(try peer.takeFrames().isEmpty)
        #expect(!peer.channel.isActive)
    }

    @Test func doesNotWaitForAPeerThatNeverAnswersAClose() throws {
        let peer = try WirePeer()
        peer.socket.close(.normal)
        peer.advance(.milliseconds(1999))
        #expect(peer.handler.heard == [.opened])
        peer.advance(.milliseconds(1))
        #expect(peer.handler.heard == [.opened, .closed(nil)])
        #expect(!peer.channel.isActive)
    }

    @Test func sendsNothingOnceItCloses() throws {
        let peer = try WirePeer()
        peer.socket.close(.normal)
        peer.socket.send(text: "late")
        peer.socket.close(.internalError)
        #expect(try peer.takeFrames() == [.close(1000)])
    }

    @Test func replacesACloseCodeThatMustNotBeSentAndCutsTheReason() throws {
        let peer = try WirePeer()
        peer.socket.close(.noStatus, reason: String(repeating: "ü", count: 100))
        #expect(try peer.takeFrames() == [.close(1011, Array(String(repeating: "ü", count: 61).utf8))])
    }

    @Test func tellsTheHandlerThatTheConnectionWasLost() throws {
        let peer = try WirePeer()
        try peer.send(Array(WireFrame.text("half a message").bytes().prefix(9)))
        peer.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(peer.handler.heard == [.opened, .closed(nil)])
        #expect(!peer.channel.isActive)
    }

    @Test func pingsAndDropsAPeerOfWhomNothingIsHeard() throws {
        var limits = WebSocketLimits()
        limits.pingInterval = .seconds(20)
        limits.pongTimeout = .seconds(5)
        let peer = try WirePeer(limits: limits)
        peer.advance(.seconds(20))
        #expect(try peer.takeFrames() == [.ping("")])
        try peer.send(WireFrame.pong("").bytes())
        peer.advance(.seconds(25))
        #expect(try peer.takeFrames() == [.ping("")])
        #expect(peer.handler.heard == [.opened])
        peer.advance(.seconds(5))
        #expect(peer.handler.heard == [.opened, .closed(nil)])
        #expect(peer.handler.reason == "nothing was heard within 5.0 seconds after a ping")
        #expect(!peer.channel.isActive)
    }

    @Test(arguments: [(1000, nil), (1001, 1009)] as [(Int, UInt16?)])
    func refusesMessagesAboveTheLimit(_ count: Int, _ code: UInt16?) throws {
        var limits = WebSocketLimits(maxMessageBytes: 1000)
        limits.pingInterval = nil
        let bytes = [UInt8](repeating: 0x61, count: count)
        for frames in [
            [WireFrame.text(bytes)], [.begin(Array(bytes.prefix(600))), .last(Array(bytes.dropFirst(600)))],
        ] {
            let peer = try WirePeer(limits: limits)
            try peer.send(frames.flatMap { $0.bytes() })
            let closed = try peer.takeFrames().filter { $0.first == 0x88 }.map { Array($0.payload.prefix(2)) }
            #expect(closed == (code.map { [WireFrame.close($0).payload] } ?? []))
        }
    }

    @Test func refusesAnAbsurdLengthFromItsHeaderAlone() throws {
        let peer = try WirePeer()
        try peer.send([0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        #expect(peer.handler.heard == [.opened, .closed(.messageTooBig)])
    }

    @Test func delivesNothingWhileItDoesNotRead() throws {
        let peer = try WirePeer()
        peer.handler.onMessage = { $0.setReading(false) }
        try peer.send(WireFrame.text("a").bytes() + WireFrame.text("b").bytes() + WireFrame.text("c").bytes())
        #expect(peer.handler.heard == [.opened, .text("a")])
        peer.socket.setReading(true)
        peer.channel.embeddedEventLoop.run()
        #expect(peer.handler.heard == [.opened, .text("a"), .text("b")])
        peer.handler.onMessage = { _ in }
        peer.socket.setReading(true)
        peer.channel.embeddedEventLoop.run()
        #expect(peer.handler.heard == [.opened, .text("a"), .text("b"), .text("c")])
    }

    @Test func dropsAPeerThatDoesNotRead() throws {
        var limits = WebSocketLimits.testing
        limits.maxBufferedBytes = 1000
        let peer = try WirePeer(limits: limits)
        peer.socket.send(binary: ByteBuffer(repeating: 0, count: 1001))
        #expect(peer.handler.heard == [.opened, .closed(nil)])
        #expect(peer.handler.reason == "the peer does not read: more than 1000 bytes wait for it")
        #expect(!peer.channel.isActive)
    }

    @Test func answersOnlyTheLatestPingOfAPeerThatDoesNotRead() throws {
        let peer = try WirePeer()
        peer.channel.isWritable = false
        try peer.send((0..<1000).flatMap { WireFrame.ping("\($0)").bytes() })
        #expect(try peer.takeFrames().isEmpty)
        peer.channel.isWritable = true
        peer.channel.pipeline.fireChannelWritabilityChanged()
        #expect(try peer.takeFrames() == [.pong("999")])
    }

    @Test func aServerRefusesPlainFramesAndAClientMaskedOnes() throws {
        let server = try WirePeer(.server)
        try server.send(WireFrame.text("a").bytes(mask: nil))
        #expect(server.handler.heard == [.opened, .closed(.protocolError)])
        let client = try WirePeer(.client)
        try client.send(WireFrame.text("a").bytes())
        #expect(client.handler.heard == [.opened, .closed(.protocolError)])
    }

    @Test func aClientMasksWhatItSends() throws {
        let client = try WirePeer(.client)
        client.socket.send(text: "Hello, world!")
        var sent = try #require(try client.channel.readOutbound(as: ByteBuffer.self))
        #expect(sent.getBytes(at: 0, length: 2) == [0x81, 0x80 | 13])
        var reader = MessageReader(isMasked: true, maxFrameBytes: 100, maxMessageBytes: 100)
        #expect(try reader.next(&sent) == .text(ByteBuffer(string: "Hello, world!")))
    }

    @Test func aClientLeavesClosingTheConnectionToTheServerButNotForEver() throws {
        let client = try WirePeer(.client)
        try client.send(WireFrame.close(1000).bytes(mask: nil))
        #expect(client.handler.heard == [.opened, .closed(.normal)])
        #expect(client.channel.isActive)
        client.advance(.seconds(2))
        #expect(!client.channel.isActive)
    }
}
