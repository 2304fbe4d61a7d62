// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import WebSockets

/// A WebSocket on the session's event loop.
final class RealSocket: ProviderSocket {
    /// Providers send audio in large messages, and take it in small ones.
    static let limits: WebSocketLimits = {
        var limits = WebSocketLimits(maxMessageBytes: 16 * 1024 * 1024)
        limits.maxBufferedBytes = 4 * 1024 * 1024
        return limits
    }()

    private let socket: WebSocket
    private let inbox: SocketInbox

    init(_ socket: WebSocket, _ inbox: SocketInbox) {
        self.socket = socket
        self.inbox = inbox
    }

    deinit {
        // Nobody would close it any more, and this may run on any thread.
        socket.eventLoop.execute { [socket] in socket.close(.normal) }
    }

    func send(text: String) { socket.send(text: text) }
    func send(binary: ByteBuffer) { socket.send(binary: binary) }
    var bufferedBytes: Int { socket.isOpen ? socket.bufferedBytes : 0 }

    nonisolated(nonsending) func receive() async throws -> ProviderMessage? { try await inbox.next() }

    func close() {
        inbox.messages.finish()
        socket.close(.normal)
    }
}

/// Takes what comes in on a provider's WebSocket, and holds the provider back while nobody takes it from here.
///
/// `@unchecked Sendable`: made before the socket is there, then touched on the session's loop alone.
final class SocketInbox: WebSocketHandler, @unchecked Sendable {
    /// Bytes that wait to be taken before the socket is not read any further.
    private static let capacity = 4 * 1024 * 1024

    let messages: Inbox<ProviderMessage>
    private var heldBytes = 0
    private weak var socket: WebSocket?

    init(_ loop: SessionLoop) { messages = Inbox(loop) }

    func received(text: ByteBuffer, _ socket: WebSocket) { append(.text(text), text.readableBytes, socket) }
    func received(binary: ByteBuffer, _ socket: WebSocket) { append(.binary(binary), binary.readableBytes, socket) }

    private func append(_ message: ProviderMessage, _ count: Int, _ socket: WebSocket) {
        self.socket = socket
        heldBytes += count
        messages.append(message)
        if heldBytes > Self.capacity { socket.setReading(false) }
    }

    nonisolated(nonsending) func next() async throws -> ProviderMessage? {
        guard let message = try await messages.next() else { return nil }
        switch message {
        case .text(let bytes), .binary(let bytes): heldBytes -= bytes.readableBytes
        }
        if heldBytes <= Self.capacity / 2 { socket?.setReading(true) }
        return message
    }

    func closed(_ code: WebSocketCloseCode?, reason: String) {
        messages.finish(code == .normal ? nil : .closed(code?.rawValue, reason: reason))
    }
}
