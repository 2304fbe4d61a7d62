// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import WebSockets

/// The client and the server side against each other over the loopback.
@Suite struct WebSocketClientTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    /// Answers one handshake, well or badly.
    private final class Upgrader: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private var head: HTTPRequestHead?

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body: break
            case .end: answer(context)
            }
        }

        private func answer(_ context: ChannelHandlerContext) {
            guard let head, head.uri != "/silent" else { return }
            guard head.uri != "/refused", let upgrade = try? WebSocketUpgrade(head) else {
                let refusal = HTTPResponseHead(version: .http1_1, status: .forbidden, headers: ["content-length": "6"])
                context.write(wrapOutboundOut(.head(refusal)), promise: nil)
                for piece in ["no ", "key"] {
                    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: piece)))), promise: nil)
                }
                return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
            context.write(
                wrapOutboundOut(.head(upgrade.response(subprotocol: upgrade.subprotocols.first))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            let pipeline = context.pipeline.syncOperations
            let channel = context.channel
            pipeline.removeHandler(context: context, promise: nil)
            if let encoder = try? pipeline.handler(type: HTTPResponseEncoder.self) {
                pipeline.removeHandler(encoder, promise: nil)
            }
            _ = try? WebSocket.install(on: channel, .server, limits: .testing, handler: Greeter())
            if let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) {
                pipeline.removeHandler(decoder, promise: nil)
            }
        }
    }

    /// Speaks first, so that its words come together with the answer to the handshake; then echoes.
    private final class Greeter: WebSocketHandler {
        func opened(_ socket: WebSocket) { socket.send(text: "welcome") }
        func received(text: ByteBuffer, _ socket: WebSocket) { socket.send(text: text) }
        func closed(_ code: WebSocketCloseCode?, reason: String) {}
    }

    /// Hands what it hears to a test.
    private final class Listener: WebSocketHandler, Sendable {
        let heard: AsyncStream<Heard>
        private let continuation: AsyncStream<Heard>.Continuation

        init() { (heard, continuation) = AsyncStream.makeStream() }

        func received(text: ByteBuffer, _ socket: WebSocket) { continuation.yield(.text(String(buffer: text))) }

        func closed(_ code: WebSocketCloseCode?, reason: String) {
            continuation.yield(.closed(code))
            continuation.finish()
        }
    }

    private func withServer(_ body: (Int) async throws -> Void) async throws {
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
                    try pipeline.addHandler(Upgrader())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await body(server.localAddress?.port ?? 0)
        try await server.close()
    }

    @Test func talksToAServer() async throws {
        try await withServer { port async throws in
            let listener = Listener()
            let socket = try await WebSocketClient.connect(
                url: "ws://127.0.0.1:\(port)/x", subprotocols: ["a", "b"], limits: .testing, on: group
            ) { _ in listener }
            #expect(socket.subprotocol == "a")
            let long = String(repeating: "ü", count: 100_000)
            socket.eventLoop.execute {
                socket.send(text: long)
                socket.send(text: "last")
            }
            var heard: [Heard] = []
            for await event in listener.heard {
                heard.append(event)
                if event == .text("last") { socket.eventLoop.execute { socket.close(.normal) } }
            }
            #expect(heard == [.text("welcome"), .text(long), .text("last"), .closed(.normal)])
        }
    }

    @Test func saysWhyThereIsNoSocket() async throws {
        try await withServer { port async throws in
            var refusal = WebSocketError(.refused, "127.0.0.1:\(port) answered 403 Forbidden", status: 403)
            refusal.headers = ["content-length": "6"]
            refusal.body = ByteBuffer(string: "no key")
            let cases: [(String, WebSocketError)] = [
                ("/refused", refusal),
                (
                    "/silent",
                    WebSocketError(.timedOut, "127.0.0.1:\(port) did not open a WebSocket within 0.1 seconds")
                ),
            ]
            for (path, expected) in cases {
                await #expect(throws: expected) {
                    try await WebSocketClient.connect(
                        url: "ws://127.0.0.1:\(port)\(path)",
                        timeout: path == "/silent" ? .milliseconds(100) : .seconds(10),
                        on: group
                    ) { _ in Listener() }
                }
            }
        }
    }

    @Test func saysThatNobodyListens() async throws {
        let free = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let port = free.localAddress?.port ?? 0
        try await free.close()
        let error = await #expect(throws: WebSocketError.self) {
            try await WebSocketClient.connect(url: "ws://127.0.0.1:\(port)/", on: group) { _ in Listener() }
        }
        #expect(error?.code == .notReachable)
    }
}
