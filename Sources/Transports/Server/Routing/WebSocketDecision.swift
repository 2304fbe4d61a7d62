// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import NIOHTTP1
public import WebSockets

/// What a route answers to a client that wants a WebSocket.
public enum WebSocketDecision: Sendable {
    /// It gets none.
    case refuse(HTTPResponseStatus, String)
    /// It gets one.
    ///
    /// The handler is made on the socket's loop, unless the client has gone: what a call needs is taken in `opened` and
    /// not before. `subprotocol` must be one that the client offers.
    case accept(
        subprotocol: String? = nil, headers: HTTPHeaders = [:],
        makeHandler: @Sendable (any EventLoop) -> any WebSocketHandler)
}
