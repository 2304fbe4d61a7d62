// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import WebSockets

/// A WebSocket that a route agreed to, as far as its connection is concerned.
struct WebSocketOpening: Sendable {
    /// The answer to the client.
    var head: HTTPResponseHead
    /// The subprotocol that was agreed on.
    var subprotocol: String?
    /// The socket's limits.
    var limits: WebSocketLimits
    /// Makes what takes the socket's messages.
    var makeHandler: @Sendable (any EventLoop) -> any WebSocketHandler

    /// Makes the connection a WebSocket.
    func install(on channel: any Channel) throws {
        try WebSocket.install(
            on: channel, .server, limits: limits, subprotocol: subprotocol, handler: makeHandler(channel.eventLoop))
    }
}

/// What becomes of a request.
enum ServerOutcome: Sendable {
    /// It is answered.
    case response(ServerResponse)
    /// The connection becomes a WebSocket.
    case webSocket(WebSocketOpening)
}
