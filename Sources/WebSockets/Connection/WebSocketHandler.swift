// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// Takes what comes in on a WebSocket, on the socket's event loop.
///
/// Order of calls: `opened` once, then messages, then `closed` once; after that nothing.
public protocol WebSocketHandler: AnyObject {
    /// The socket may be sent on.
    func opened(_ socket: WebSocket)
    /// A whole message; valid UTF-8.
    func received(text: ByteBuffer, _ socket: WebSocket)
    /// A whole message.
    func received(binary: ByteBuffer, _ socket: WebSocket)
    /// The socket is over, whatever happened; called exactly once.
    ///
    /// - Parameters:
    ///   - code: What the peer's Close frame said, or this side's when the peer broke a rule; `nil` when the connection
    ///     ended without one.
    ///   - reason: The peer's words, or what went wrong.
    func closed(_ code: WebSocketCloseCode?, reason: String)
}

extension WebSocketHandler {
    public func opened(_ socket: WebSocket) {}

    /// Refuses messages of a kind that the handler does not take.
    public func received(text: ByteBuffer, _ socket: WebSocket) {
        socket.close(.unsupportedData, reason: "text is not taken here")
    }

    /// Refuses messages of a kind that the handler does not take.
    public func received(binary: ByteBuffer, _ socket: WebSocket) {
        socket.close(.unsupportedData, reason: "binary messages are not taken here")
    }
}
