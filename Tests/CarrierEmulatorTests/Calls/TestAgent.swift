// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import WebSockets

@testable import CarrierEmulator

/// An agent's server that answers requests and takes sockets as a test says, and remembers what it was asked.
final class TestAgent: Sendable {
    /// A request.
    struct Received: Sendable {
        var method: String
        var target: String
        var fields: [FormField]
        var signature: String
    }

    typealias Answer = @Sendable (Received) -> (status: Int, body: String)
    typealias Accept = @Sendable (Received) -> any WebSocketHandler

    private let channel: any Channel
    private let log: Log
    /// Such as `http://127.0.0.1:4711`.
    let origin: String
    /// The same for sockets.
    var socketOrigin: String { "ws" + origin.dropFirst(4) }
    /// What was asked, in order.
    var received: [Received] { log.entries.withLock { $0 } }

    /// The requests whose path begins like this.
    func received(_ path: String) -> [Received] { received.filter { $0.target.hasPrefix(path) } }

    fileprivate final class Log: Sendable {
        let entries = Mutex<[Received]>([])
    }

    private init(_ channel: any Channel, _ log: Log) {
        self.channel = channel
        self.log = log
        origin = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    /// Starts an agent.
    static func start(
        on group: any EventLoopGroup, accept: @escaping Accept = { _ in Refusing() }, answer: @escaping Answer
    ) async throws -> TestAgent {
        let log = Log()
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
                    try pipeline.addHandler(Handler(log, answer, accept))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TestAgent(channel, log)
    }

    func stop() async throws { try await channel.close() }

    private final class Refusing: WebSocketHandler {
        func closed(_ code: WebSocketCloseCode?, reason: String) {}
    }

    private final class Handler: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let log: Log
        private let answer: Answer
        private let accept: Accept
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(_ log: Log, _ answer: @escaping Answer, _ accept: @escaping Accept) {
            self.log = log
            self.answer = answer
            self.accept = accept
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body(let part): body.writeImmutableBuffer(part)
            case .end:
                guard let head else { return }
                let received = Received(
                    method: head.method.rawValue, target: head.uri,
                    fields: [FormField](urlEncoded: String(buffer: body)),
                    signature: head.headers.first(name: "x-twilio-signature") ?? "")
                body = ByteBuffer()
                log.entries.withLock { $0.append(received) }
                if WebSocketUpgrade.isAsked(head) {
                    upgrade(head, received, context)
                } else {
                    respond(received, context)
                }
            }
        }

        private func respond(_ received: Received, _ context: ChannelHandlerContext) {
            let (status, text) = answer(received)
            var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status))
            head.headers.add(name: "content-type", value: "text/xml")
            head.headers.add(name: "content-length", value: String(text.utf8.count))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }

        private func upgrade(_ head: HTTPRequestHead, _ received: Received, _ context: ChannelHandlerContext) {
            let channel = context.channel
            let pipeline = channel.pipeline.syncOperations
            do {
                let upgrade = try WebSocketUpgrade(head)
                context.write(wrapOutboundOut(.head(upgrade.response())), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
                let encoder = try pipeline.handler(type: HTTPResponseEncoder.self)
                pipeline.removeHandler(encoder, promise: nil)
                try WebSocket.install(on: channel, .server, limits: WebSocketLimits(), handler: accept(received))
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                pipeline.removeHandler(context: context, promise: nil)
                pipeline.removeHandler(decoder, promise: nil)
            } catch {
                context.close(promise: nil)
            }
        }
    }
}
