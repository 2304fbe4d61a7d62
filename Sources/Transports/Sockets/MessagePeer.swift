// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import WebSockets

/// What a call needs of its socket; tests put a recorder in its place.
protocol MessagePeer: AnyObject {
    /// Bytes that were sent and that the kernel has not taken.
    var bufferedBytes: Int { get }
    /// Sends a text message.
    func send(text: String)
    /// Sends a binary message.
    func send(binary: ByteBuffer)
    /// Begins the closing handshake.
    func close(_ code: WebSocketCloseCode, reason: String)
}

extension WebSocket: MessagePeer {}
