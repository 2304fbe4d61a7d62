// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Sends the opening handshake, and turns the connection into a WebSocket when the server has agreed.
final class ClientHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: ClientRequest
    private let limits: WebSocketLimits
    private let opened: EventLoopPromise<WebSocket>
    private let makeHandler: (any EventLoop) -> any WebSocketHandler
    private var isOver = false
    private var agreed: (subprotocol: String?, Void)?
    /// The server's refusal, while its content comes in.
    private var refusal: WebSocketError?

    /// How much of a refusal's content is kept, and how long it is waited for.
    private static let longestRefusal = (bytes: 16 * 1024, wait: TimeAmount.seconds(1))

    init(
        _ request: ClientRequest, limits: WebSocketLimits, opened: EventLoopPromise<WebSocket>,
        makeHandler: @escaping (any EventLoop) -> any WebSocketHandler
    ) {
        self.request = request
        self.limits = limits
        self.opened = opened
        self.makeHandler = makeHandler
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(request.head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            do { agreed = (try request.check(head), ()) } catch { refused(error, context) }
        case .body(let bytes): keep(bytes, context)
        case .end:
            if let agreed { upgrade(agreed.subprotocol, context) }
            if let refusal { fail(refusal, context) }
        }
    }

    /// Waits for what the server has to say about its refusal.
    private func refused(_ error: WebSocketError, _ context: ChannelHandlerContext) {
        guard error.code == .refused else { return fail(error, context) }
        refusal = error
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.value.eventLoop.assumeIsolated().scheduleTask(in: Self.longestRefusal.wait) {
            self.fail(error, context.value)
        }
    }

    private func keep(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard var refusal else { return }
        let room = Self.longestRefusal.bytes - refusal.body.readableBytes
        refusal.body.writeBytes(bytes.readableBytesView.prefix(room))
        self.refusal = refusal
        if bytes.readableBytes >= room { fail(refusal, context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(WebSocketError(.notReachable, "\(request.name) closed the connection during the handshake"), context)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed = event as? ChannelEvent {
            fail(WebSocketError(.notReachable, "\(request.name) closed the connection during the handshake"), context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(WebSocketError(.notReachable, "\(request.name): \(error)"), context)
    }

    private func fail(_ error: WebSocketError, _ context: ChannelHandlerContext) {
        guard !isOver else { return }
        isOver = true
        // A refusal says more than what became of the connection after it.
        opened.fail(refusal ?? error)
        context.close(promise: nil)
    }

    /// Leaves the connection to the WebSocket.
    ///
    /// HTTP's decoder looks at what is written as long as it is there, and the handler may send as soon as it is told that
    /// the socket is open: so that comes last.
    private func upgrade(_ subprotocol: String?, _ context: ChannelHandlerContext) {
        isOver = true
        let pipeline = context.channel.pipeline.syncOperations
        do {
            let leftover = LeftoverBytes()
            try pipeline.addHandler(leftover)
            pipeline.removeHandler(try pipeline.handler(type: HTTPRequestEncoder.self), promise: nil)
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            pipeline.removeHandler(context: context, promise: nil)
            let removed = context.eventLoop.makePromise(of: Void.self)
            removed.futureResult.assumeIsolated().whenComplete { [self, channel = context.channel] _ in
                install(on: channel, leftover, subprotocol)
            }
            pipeline.removeHandler(decoder, promise: removed)
        } catch {
            opened.fail(WebSocketError(.notReachable, "\(request.name): \(error)"))
            context.close(promise: nil)
        }
    }

    private func install(on channel: any Channel, _ leftover: LeftoverBytes, _ subprotocol: String?) {
        do {
            let handler = makeHandler(channel.eventLoop)
            let socket = try WebSocket.install(
                on: channel, .client, limits: limits, subprotocol: subprotocol, handler: handler)
            channel.pipeline.syncOperations.removeHandler(leftover, promise: nil)
            opened.succeed(socket)
        } catch {
            opened.fail(WebSocketError(.notReachable, "\(request.name): \(error)"))
            channel.close(promise: nil)
        }
    }
}
