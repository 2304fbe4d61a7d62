// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import WebSockets

/// The WebSocket of somebody who follows a call.
///
/// What it does not take in time makes the socket close, see ``WebSocketLimits/maxBufferedBytes``; the call never waits.
///
/// `@unchecked Sendable`: the socket and the timer are touched on `eventLoop` alone.
final class ListeningSocket: WebSocketHandler, @unchecked Sendable {
    /// How long a call may take to begin, ringing included.
    static let patience = TimeAmount.minutes(12)

    /// Whether the sound of both sides is wanted too.
    let wantsSound: Bool
    private let audience: CallAudience
    private let call: String
    private let eventLoop: any EventLoop
    private weak var peer: (any MessagePeer)?
    private var timer: Scheduled<Void>?

    init(_ audience: CallAudience, call: String, wantsSound: Bool, on eventLoop: any EventLoop) {
        self.audience = audience
        self.call = call
        self.wantsSound = wantsSound
        self.eventLoop = eventLoop
    }

    // MARK: On the socket's loop

    func opened(_ socket: WebSocket) { open(socket) }

    /// Begins to follow the call, or to wait for it.
    func open(_ peer: any MessagePeer) {
        self.peer = peer
        guard audience.join(call, self) else { return refuse("too many listen to this call") }
        timer = eventLoop.scheduleTask(in: Self.patience) {
            if self.audience.isWaiting(self.call, self) { self.refuse("the call has not begun") }
        }
    }

    /// Nothing that a listener says is of interest.
    func received(text: ByteBuffer, _ socket: WebSocket) {}

    func closed(_ code: WebSocketCloseCode?, reason: String) {
        peer = nil
        timer?.cancel()
        audience.leave(call, self)
    }

    // MARK: From any loop

    /// Passes a message on.
    func take(text: String) { eventLoop.execute { self.peer?.send(text: text) } }

    /// Passes sound on.
    func take(binary: ByteBuffer) { eventLoop.execute { self.peer?.send(binary: binary) } }

    /// The call is over.
    func finish() { end(.normal, "") }

    /// There is nothing to listen to.
    func refuse(_ reason: String) { end(.tryAgainLater, reason) }

    private func end(_ code: WebSocketCloseCode, _ reason: String) {
        eventLoop.execute {
            self.peer?.close(code, reason: reason)
            self.peer = nil
        }
    }
}
