// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Testing
import WebSockets

@testable import Transports

/// Every limit is refused and counted, and nobody else is disturbed.
@Suite struct ServerLimitsTests {
    private func post(_ count: Int, _ framing: String) -> String {
        "POST /length HTTP/1.1\r\nhost: localhost\r\n\(framing)\r\n\r\n"
    }

    @Test func refusesBodiesThatAreTooLong() async throws {
        var settings = PipelineServer()
        settings.bodyBytes = 1000
        try await TestServer.run(settings) { server async throws in
            let body = String(repeating: "x", count: 1001)
            let requests = [
                "POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1001\r\n\r\n",
                "POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1001\r\n\r\n\(body)",
                "POST /length HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n\(body)\r\n0\r\n\r\n",
            ]
            for request in requests { #expect(try await server.exchange(request).hasPrefix("HTTP/1.1 413 ")) }
            #expect(server.refusals("http_413") == 3)
            #expect(try await server.get("/hello").hasSuffix("hello"))
        }
    }

    @Test func refusesHeadsThatAreTooLongOrMalformed() async throws {
        var settings = PipelineServer()
        settings.headBytes = 2048
        try await TestServer.run(settings) { server async throws in
            let long = String(repeating: "x", count: 3000)
            let cases: [(request: String, status: Int)] = [
                ("GET /hello HTTP/1.1\r\nhost: localhost\r\nx: \(long)\r\n\r\n", 431),
                ("GET /hello?\(long) HTTP/1.1\r\nhost: localhost\r\n", 431),
                (
                    "GET /hello HTTP/1.1\r\nhost: localhost\r\n" + String(repeating: "a: b\r\n", count: 150) + "\r\n",
                    431
                ),
                ("hello, is this a server?\r\n\r\n", 400),
                ("GET /hello HTTP/1.1\r\n\r\n", 400),
                ("GET /hello HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
                ("GET /hello HTTP/1.1\r\nhost: a b\r\n\r\n", 400),
                ("POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", 400),
                (
                    "POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                    400
                ),
            ]
            for (request, status) in cases {
                let answer = try await server.exchange(request)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request.prefix(60)): \(answer)")
                #expect(answer.split(separator: "HTTP/1.1 ").count == 1)
            }
            #expect(server.refusals("http_431") == 3)
            #expect(try await server.get("/hello").hasSuffix("hello"))
        }
    }

    @Test func slowsOneClientDownAndNoOther() async throws {
        var settings = PipelineServer()
        settings.requestsPerMinute = 3
        try await TestServer.run(settings) { server async throws in
            for _ in 0..<3 { #expect(try await server.get("/hello").hasSuffix("hello")) }
            let answer = try await server.get("/hello")
            #expect(answer.hasPrefix("HTTP/1.1 429 "))
            #expect(answer.contains("retry-after: 20\r\n") || answer.contains("retry-after: 21\r\n"))
            #expect(server.refusals("http_429") == 1)
            #expect(try await server.get("/hello", from: "127.0.0.2").hasSuffix("hello"))
        }
    }

    @Test func takesSoManyConnectionsOfAClientAndSoManyInAll() async throws {
        var settings = PipelineServer()
        settings.connections = 5
        settings.connectionsPerClient = 3
        try await TestServer.run(settings) { server async throws in
            var open: [any Channel] = []
            for _ in 0..<3 { open.append(try await RawClient.connect(port: server.server.port)) }
            #expect(try await server.get("/hello") == "")
            #expect(server.refusals("connections_client") == 1)
            #expect(try await server.get("/hello", from: "127.0.0.2").hasSuffix("hello"))
            for _ in 0..<2 { open.append(try await RawClient.connect(port: server.server.port, from: "127.0.0.3")) }
            #expect(try await server.get("/hello", from: "127.0.0.4") == "")
            #expect(server.refusals("connections_full") == 1)
            for channel in open { try await channel.close() }
        }
    }

    @Test func keepsManyIdleConnectionsAndServesOthersMeanwhile() async throws {
        try await TestServer.run { server async throws in
            var open: [any Channel] = []
            for _ in 0..<1990 { open.append(try await RawClient.connect(port: server.server.port)) }
            let handler = RecordingHandler()
            let socket = try await server.connect("/echo", handler: handler)
            socket.eventLoop.execute { socket.send(text: "still there") }
            #expect(await handler.next() == .text("still there"))
            #expect(try await server.get("/hello").hasSuffix("hello"))
            #expect(server.server.connectionCount >= 1990)
            for channel in open { channel.close(promise: nil) }
            socket.eventLoop.execute { socket.close(.normal) }
            for channel in open { try await channel.closeFuture.get() }
        }
    }

    @Test func endsAConnectionThatSendsTooLongAMessageAndNoOther() async throws {
        try await TestServer.run { server async throws in
            let (good, bad) = (RecordingHandler(), RecordingHandler())
            let goodSocket = try await server.connect("/echo", handler: good)
            let badSocket = try await server.connect("/echo", handler: bad)
            badSocket.eventLoop.execute { badSocket.send(text: String(repeating: "x", count: 1001)) }
            #expect(await bad.next() == .closed(.messageTooBig, "a frame of 1001 bytes; 1000 are taken"))
            goodSocket.eventLoop.execute { goodSocket.send(text: "undisturbed") }
            #expect(await good.next() == .text("undisturbed"))
        }
    }
}
