// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Joins a WebSocket to its channel.
final class WebSocketChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let socket: WebSocket

    init(_ socket: WebSocket) { self.socket = socket }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { socket.received(unwrapInboundIn(data)) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { socket.becameWritable() }
    }

    func channelInactive(context: ChannelHandlerContext) { socket.connectionEnded("the connection was lost") }

    func handlerRemoved(context: ChannelHandlerContext) { socket.connectionEnded("the connection was lost") }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed = event as? ChannelEvent { socket.connectionEnded("the peer closed the connection") }
        if event is ChannelShouldQuiesceEvent { socket.close(.goingAway, reason: "the server is shutting down") }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { socket.connectionEnded("\(error)") }
}
