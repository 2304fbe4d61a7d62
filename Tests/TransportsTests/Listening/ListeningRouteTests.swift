// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Testing
import WebSockets

@testable import Transports

/// Who may follow calls.
@Suite struct ListeningRouteTests {
    private static let call = Call(id: "CA1", transport: "test")

    private static func handshake(_ headers: String = "") -> String {
        "GET /ws/calls/CA1 HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
            + "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(headers)\r\n"
    }

    @Test func followsACall() async throws {
        let audience = CallAudience()
        let stage = audience.open(Self.call)
        try await TestServer.run(mount: { audience.mount(&$0) }) { server in
            let handler = RecordingHandler()
            _ = try await server.connect("/ws/calls/CA1", subprotocols: ["call.v1"], handler: handler)
            guard case .text(let opening) = await handler.next() else { throw CallRefused("no opening") }
            #expect(try JSONValue(parsing: opening.utf8)["id"] == "CA1")
            stage.close(.agentEnded)
            #expect(await handler.next() == .text(#"{"type":"end","reason":"agent_ended"}"#))
            guard case .closed(let code, _) = await handler.next() else { throw CallRefused("not closed") }
            #expect(code == .normal)
        }
    }

    @Test func pagesOfOtherSitesAreRefused() async throws {
        let audience = CallAudience()
        try await TestServer.run(mount: { audience.mount(&$0) }) { server in
            let answer = try await server.exchange(Self.handshake("origin: https://elsewhere.example\r\n"))
            #expect(answer.hasPrefix("HTTP/1.1 403"))
            let neighbour = try await server.exchange(Self.handshake("origin: http://localhost:1\r\n"))
            #expect(neighbour.hasPrefix("HTTP/1.1 403"))
        }
    }

    @Test func aKeyIsAskedForWhereThereAreKeys() async throws {
        let audience = CallAudience()
        _ = audience.open(Self.call)
        var settings = TestServer.unhurried
        settings.apiKeys = [Secret("s3cret?key/of some+length")]
        try await TestServer.run(settings, mount: { audience.mount(&$0) }) { server in
            #expect(try await server.exchange(Self.handshake()).hasPrefix("HTTP/1.1 401"))
            let wrong = Self.handshake("sec-websocket-protocol: call.v1, key.d3Jvbmc\r\n")
            #expect(try await server.exchange(wrong).hasPrefix("HTTP/1.1 401"))
            let broken = Self.handshake("sec-websocket-protocol: call.v1, key.!!!\r\n")
            #expect(try await server.exchange(broken).hasPrefix("HTTP/1.1 401"))
            let handler = RecordingHandler()
            // Browsers can give a WebSocket nothing but subprotocols.
            let key = "key.czNjcmV0P2tleS9vZiBzb21lK2xlbmd0aA"
            let socket = try await server.connect(
                "/ws/calls/CA1", subprotocols: ["call.v1", key], handler: handler)
            guard case .text = await handler.next() else { throw CallRefused("no opening") }
            socket.eventLoop.execute { socket.close(.normal, reason: "") }
        }
    }
}
