// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Testing
import WebSockets

@testable import Transports

@Suite struct CallServerTests {
    @Test func answersByMethodAndPath() async throws {
        try await TestServer.run { server async throws in
            let cases: [(request: String, status: Int, contains: String)] = [
                ("GET /hello", 200, "\r\n\r\nhello"),
                ("HEAD /hello", 200, "content-length: 5\r\n"),
                ("POST /hello", 405, "allow: GET"),
                ("GET /nothing", 404, "there is nothing at this path"),
                ("GET /echo", 426, "this path opens a WebSocket"),
                ("GET /things/a%2Fb?x=1", 200, "a/b http://localhost/things/a%2Fb?x=1 127.0.0.1"),
                ("GET /things/", 404, "there is nothing at this path"),
                ("GET /broken", 500, "the server failed to answer"),
                ("GET /full", 503, "no more sessions"),
                ("GET http://localhost/hello", 400, "no path"),
            ]
            for (request, status, text) in cases {
                let answer = try await server.exchange(
                    "\(request) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request): \(answer)")
                #expect(answer.contains(text), "\(request): \(answer)")
                #expect(!answer.contains("inside"))
            }
        }
    }

    @Test func readsFormsInOrderWithDuplicates() async throws {
        try await TestServer.run { server async throws in
            let body = "a=1&b=%2B49+30&a=&c&b=%zz"
            let answer = try await server.exchange(
                "POST /form HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n"
                    + "content-type: application/x-www-form-urlencoded; charset=utf-8\r\n\r\n\(body)")
            #expect(answer.hasSuffix("a=1;b=+49 30;a=;c=;b=%zz"))
        }
    }

    @Test func answersRequestsThatCameTogetherInTheirOrder() async throws {
        try await TestServer.run { server async throws in
            let first = "POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\nabc"
            let chunked =
                "POST /length HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n"
            let last = "GET /hello HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
            let answer = try await server.exchange(first + chunked + last)
            let bodies = answer.split(separator: "HTTP/1.1 200 OK\r\n").compactMap {
                $0.split(separator: "\r\n\r\n").last
            }
            #expect(bodies == ["3", "5", "hello"])
        }
    }

    @Test func tellsAClientThatWaitsToSendItsBodyToGoOn() async throws {
        try await TestServer.run { server async throws in
            let answer = try await server.exchange(
                "POST /length HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: 2\r\n\r\nab"
            )
            #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func carriesWebSocketsAndClosesThemWhenItStops() async throws {
        let handler = RecordingHandler()
        try await TestServer.run { server async throws in
            let socket = try await server.connect("/echo", handler: handler)
            let text = String(repeating: "ü", count: 500)
            socket.eventLoop.execute { socket.send(text: text) }
            #expect(await handler.next() == .text(text))
        }
        #expect(await handler.next() == .closed(.goingAway, "the server is shutting down"))
    }

    @Test func letsTheServersSideSpeakFirst() async throws {
        try await TestServer.run { server async throws in
            let handler = RecordingHandler()
            _ = try await server.connect("/greeting", handler: handler)
            #expect(await handler.next() == .text("welcome"))
        }
    }

    @Test func opensAWebSocketOnAConnectionThatHasServedRequests() async throws {
        try await TestServer.run { server async throws in
            // The client's first frame comes with its request, as RFC 6455 does not forbid.
            let answer = try await server.exchange(
                "GET /hello HTTP/1.1\r\nhost: localhost\r\n\r\n" + Self.upgrade("/echo")
                    + String(decoding: [0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69, 0x88, 0x80, 0, 0, 0, 0], as: UTF8.self))
            #expect(answer.contains("\r\n\r\nhelloHTTP/1.1 101 Switching Protocols\r\n"))
            #expect(answer.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        }
    }

    /// A request with the key of RFC 6455, section 1.3.
    static func upgrade(_ path: String, _ replacing: (String, String) = ("", "")) -> String {
        let request = """
            GET \(path) HTTP/1.1\r
            host: localhost\r
            upgrade: websocket\r
            connection: Upgrade\r
            sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r
            sec-websocket-version: 13\r
            \r

            """
        guard !replacing.0.isEmpty, let range = request.firstRange(of: replacing.0) else { return request }
        return request.replacingSubrange(range, with: replacing.1)
    }

    @Test func refusesHandshakesThatBreakARule() async throws {
        try await TestServer.run { server async throws in
            let cases: [(request: String, status: Int)] = [
                (Self.upgrade("/refused"), 403),
                (Self.upgrade("/hello"), 400),
                (Self.upgrade("/nothing"), 404),
                (Self.upgrade("/echo", ("version: 13", "version: 8")), 426),
                (Self.upgrade("/echo", ("dGhlIHNhbXBsZSBub25jZQ==", "short")), 400),
                (Self.upgrade("/echo", ("sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "")), 400),
                (Self.upgrade("/echo", ("connection: Upgrade", "connection: keep-alive")), 400),
                (Self.upgrade("/echo", ("GET", "POST")), 426),
                (Self.upgrade("/echo", ("HTTP/1.1", "HTTP/1.0")), 400),
            ]
            for (request, status) in cases {
                let answer = try await server.exchange(request)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request): \(answer)")
            }
        }
    }

    @Test func beginsNoCallWhileItDrains() async throws {
        try await TestServer.run { server async throws in
            server.server.drain()
            let answer = try await server.exchange(Self.upgrade("/echo"))
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("retry-after: 30\r\n"))
            #expect(try await server.get("/hello").hasSuffix("hello"))
        }
    }

    @Test func saysWhoHasItsPort() async throws {
        try await TestServer.run { server async throws in
            let port = server.server.port
            await #expect(
                throws: CallServerError(
                    "127.0.0.1:\(port) is taken by another program; stop it, or set another 'port' at the transport")
            ) {
                _ = try await CallServer.start(PipelineServer(), port: port, loops: server.loops) { _ in }
            }
        }
    }

    @Test func refusesTwoTransportsOnOnePath() async throws {
        let loops = LoopGroup(count: 1)
        await #expect(throws: CallServerError.self) {
            _ = try await CallServer.start(PipelineServer(), port: 0, loops: loops) { routes in
                routes.get("/calls/{id}", access: .open) { _ in .text("") }
                routes.get("/calls/{id}", access: .open) { _ in .text("") }
            }
        }
        try await loops.shutDown()
    }
}

extension String {
    fileprivate func replacingSubrange(_ range: Range<Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
