// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import PipelineKit
import Testing
import WebSockets

@testable import Transports

/// A server on a free port of the loopback, with routes that show what they were asked.
struct TestServer {
    let server: CallServer
    let metrics: MetricsStore
    let loops: LoopGroup
    let log: LogLines

    /// Settings whose deadlines a busy machine does not reach.
    static var unhurried: PipelineServer {
        var settings = PipelineServer()
        settings.headTimeout = .seconds(600)
        settings.idleTimeout = .seconds(600)
        return settings
    }

    /// Runs a server for the time of `body`.
    static func run(
        _ settings: PipelineServer = unhurried, mount: (inout ServerRoutes) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let loops = LoopGroup(count: 1)
        let metrics = MetricsStore()
        let log = LogLines()
        let result: Result<Void, any Error>
        do {
            let server = try await CallServer.start(
                settings, port: 0, loops: loops, metrics: metrics, log: log.logger
            ) { routes in
                addRoutes(&routes)
                mount(&routes)
            }
            let test = TestServer(server: server, metrics: metrics, loops: loops, log: log)
            do {
                try await body(test)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await server.stop()
            #expect(server.connectionCount == 0)
        } catch {
            result = .failure(error)
        }
        try await loops.shutDown()
        try result.get()
    }

    private static func addRoutes(_ routes: inout ServerRoutes) {
        routes.get("/hello", access: .open) { _ in .text("hello") }
        routes.get("/private", access: .apiKey) { _ in .text("secret") }
        routes.get("/things/{id}", access: .open) { request in
            .text("\(request.pathParameters["id"] ?? "?") \(request.publicURL) \(request.clientAddress)")
        }
        routes.post("/form", access: .open) { request in
            .text(request.form.map { "\($0.name)=\($0.value)" }.joined(separator: ";"))
        }
        routes.post("/length", access: .open) { .text("\($0.body.readableBytes)") }
        routes.get("/broken", access: .open) { _ in throw IOError(errnoCode: 5, reason: "inside") }
        routes.get("/full", access: .open) { _ in throw CallRefused("no more sessions") }
        routes.webSocket("/echo", limits: .small) { _ in .accept { _ in Echo() } }
        routes.webSocket("/protocol") { _ in .accept(subprotocol: "agent.v1") { _ in Echo() } }
        routes.webSocket("/greeting") { _ in .accept { _ in Greeter() } }
        routes.webSocket("/refused") { _ in .refuse(.forbidden, "not you") }
    }

    /// How often a connection or request was refused for a reason.
    func refusals(_ reason: String) -> Int {
        Int(metrics.number("connection_errors_total", .counter, [("reason", reason)]).current)
    }

    /// Sends bytes over one connection and returns what comes back until the server closes it.
    func exchange(_ text: String, from source: String? = nil) async throws -> String {
        try await RawClient.exchange(text, port: server.port, from: source)
    }

    /// A GET that asks for the connection to be closed.
    func get(_ path: String, _ headers: String = "", from source: String? = nil) async throws -> String {
        try await exchange(
            "GET \(path) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\(headers)\r\n", from: source)
    }

    /// Opens a WebSocket.
    func connect(
        _ path: String, subprotocols: [String] = [], handler: RecordingHandler
    ) async throws -> WebSocket {
        try await WebSocketClient.connect(
            url: "ws://127.0.0.1:\(server.port)\(path)", subprotocols: subprotocols, on: loops.eventLoopGroup
        ) { _ in handler }
    }
}

/// Sends every message back.
final class Echo: WebSocketHandler {
    func received(text: ByteBuffer, _ socket: WebSocket) { socket.send(text: text) }
    func received(binary: ByteBuffer, _ socket: WebSocket) { socket.send(binary: binary) }
    func closed(_ code: WebSocketCloseCode?, reason: String) {}
}

/// Speaks first.
final class Greeter: WebSocketHandler {
    func opened(_ socket: WebSocket) { socket.send(text: "welcome") }
    func closed(_ code: WebSocketCloseCode?, reason: String) {}
}

/// Hands what it hears to a test.
final class RecordingHandler: WebSocketHandler, Sendable {
    enum Event: Equatable {
        case text(String)
        case closed(WebSocketCloseCode?, String)
    }

    let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    init() { (events, continuation) = AsyncStream.makeStream() }

    func received(text: ByteBuffer, _ socket: WebSocket) { continuation.yield(.text(String(buffer: text))) }

    func closed(_ code: WebSocketCloseCode?, reason: String) {
        continuation.yield(.closed(code, reason))
        continuation.finish()
    }

    /// The next thing that happens.
    func next() async -> Event? {
        for await event in events { return event }
        return nil
    }
}

extension WebSocketLimits {
    static var small: WebSocketLimits { WebSocketLimits(maxMessageBytes: 1000) }
}
