// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import WebSockets

/// A WebSocket that sends every message back, for conformance suites such as Autobahn's.
public enum DiagnosticsEcho {
    /// Adds `/diagnostics/echo`.
    public static func mount(_ routes: inout ServerRoutes) {
        var limits = WebSocketLimits(maxMessageBytes: 16 * 1024 * 1024)
        limits.pingInterval = nil
        routes.webSocket("/diagnostics/echo", limits: limits) { _ in .accept { _ in Echo() } }
    }

    private final class Echo: WebSocketHandler {
        func received(text: ByteBuffer, _ socket: WebSocket) { socket.send(text: text) }
        func received(binary: ByteBuffer, _ socket: WebSocket) { socket.send(binary: binary) }
        func closed(_ code: WebSocketCloseCode?, reason: String) {}
    }
}
