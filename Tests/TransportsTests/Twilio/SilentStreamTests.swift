// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import PipelineKit
import PipelineTesting
import Testing
import WebSockets

@testable import Transports

/// A socket that is opened and says nothing, or stops saying anything, does not stay.
@Suite struct SilentStreamTests {
    /// A socket in virtual time, whose far end answers nothing but is there.
    private struct Line {
        let channel = EmbeddedChannel()

        init(_ handler: any WebSocketHandler) throws {
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            var limits = WebSocketLimits()
            limits.pingInterval = nil
            _ = try WebSocket.install(on: channel, .server, limits: limits, handler: handler)
        }

        /// Sends a masked text frame; the mask is zero.
        func send(_ text: String) throws {
            let bytes: [UInt8] = [0x81, 0x80 | UInt8(text.utf8.count), 0, 0, 0, 0] + Array(text.utf8)
            try channel.writeInbound(ByteBuffer(bytes: bytes))
        }

        /// The code and reason of the close frame, if that is what was sent.
        func takeClose() throws -> String? {
            var bytes: [UInt8] = []
            while let piece = try channel.readOutbound(as: ByteBuffer.self) { bytes += piece.readableBytesView }
            guard bytes.count >= 4, bytes[0] == 0x88 else { return nil }
            return "\(Int(bytes[2]) << 8 | Int(bytes[3])) \(String(decoding: bytes[4...], as: UTF8.self))"
        }

        func advance(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }
    }

    private struct NoHost: CallHost {
        func accept(_ call: Call) async throws -> Session { throw CallRefused("nobody is there") }
    }

    private static let connected = #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#

    @Test(arguments: [[], [connected], ["{}", connected, "no JSON"]])
    func aStreamThatNeverStartsIsClosed(_ messages: [String]) throws {
        let line = try Line(MediaStreamCall(TwilioDesk(TwilioParameters()), NoHost()))
        line.advance(.seconds(9))
        for message in messages { try line.send(message) }
        #expect(try line.takeClose() == nil)
        line.advance(.seconds(1))
        #expect(try line.takeClose() == "1008 no 'start' came in time")
        // Who does not answer the close either is cut off.
        line.advance(.seconds(2))
        #expect(!line.channel.isActive)
    }

    @Test func aRelayThatIsNeverSetUpIsClosed() throws {
        let loop = EmbeddedEventLoop()
        let line = try Line(
            RelayConnection(on: loop) { _, _ in
                throw CallRefused("no")
            } lost: { _, _ in
            })
        line.advance(.seconds(9))
        try line.send(#"{"type":"prompt","voicePrompt":"hi","last":true}"#)
        #expect(try line.takeClose() == nil)
        line.advance(.seconds(1))
        #expect(try line.takeClose() == "1008 no 'setup' message came")
        line.advance(.seconds(2))
        #expect(!line.channel.isActive)
    }

    private static func plan(idle: Duration) -> CompiledPlan {
        var limits = SessionLimits()
        limits.idle = idle
        var builder = PipelineBuilder("silence", limits: limits)
        builder.add(Caller(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        return builder.build()
    }

    @Test func aStreamThatBringsNoSoundEndsByTheIdleLimit() async throws {
        try await TwilioRig.with(Self.plan(idle: .milliseconds(50))) { rig in
            let client = StreamClient()
            try await rig.openStream(client, rig.instructions())
            #expect(await rig.host.sessions.waitForEnd() == ["idle"])
            await client.waitForEnd()
            #expect(client.closeCode == .normal)
        }
    }

    /// Silence that is sent is no activity either.
    @Test func aStreamOfSilenceEndsByTheIdleLimit() async throws {
        try await TwilioRig.with(Self.plan(idle: .milliseconds(50))) { rig in
            let client = StreamClient()
            try await rig.openStream(client, rig.instructions())
            await rig.host.sessions.waitForBegin()
            for chunk in 1...50 { client.send(StreamClient.media(chunk, chunk * 20, code: 0xFF)) }
            #expect(await rig.host.sessions.waitForEnd() == ["idle"])
            await client.waitForEnd()
            #expect(client.closeCode == .normal)
        }
    }
}
