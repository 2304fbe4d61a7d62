// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import WebSockets

/// A ConversationRelay WebSocket: reads Twilio's messages, finds the session of their call, and gives it what comes.
///
/// Confined to the socket's loop, which is what makes `@unchecked Sendable` true. The session runs there too, unless the connection takes over from a broken one.
final class RelayConnection: WebSocketHandler, @unchecked Sendable {
    /// The session that a connection works for.
    struct Leg: Sendable {
        let session: Session
        let call: RelayCall
        /// Which of the call's connections this is.
        let number: Int
    }

    /// Opens the session of a call, or finds it; packets for Twilio go to the closure.
    typealias Opening = @Sendable (RelayMessage.Setup, RelayConnection) async throws -> Leg

    private enum State {
        /// The state until Twilio says whose call it is.
        case waiting
        /// The state while the session is made; nothing is read.
        case opening
        case running(Leg)
        case over
    }

    /// Messages in a row that are not understood, as Twilio itself counts them.
    private static let mostMalformed = 10
    private static let setupTimeout = Duration.seconds(10)
    /// How long Twilio may take to close the connection after the session's end.
    private static let endTimeout = Duration.seconds(5)

    private let open: Opening
    /// Is told that the connection is over: with the peer's goodbye, or without one.
    private let lost: @Sendable (Leg, _ isGoodbye: Bool) -> Void
    private let eventLoop: any EventLoop
    private var state = State.waiting
    private var socket: WebSocket?
    private var malformed = 0
    private var timer: Scheduled<Void>?

    /// Creates a connection that waits for its call.
    init(
        on eventLoop: any EventLoop, open: @escaping Opening, lost: @escaping @Sendable (Leg, _ isGoodbye: Bool) -> Void
    ) {
        self.eventLoop = eventLoop
        self.open = open
        self.lost = lost
    }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        timer = socket.eventLoop.scheduleTask(in: TimeAmount(Self.setupTimeout)) { [weak socket] in
            socket?.close(.policyViolation, reason: "no 'setup' message came")
        }
    }

    // MARK: From Twilio

    func received(text: ByteBuffer, _ socket: WebSocket) {
        let message: RelayMessage
        do {
            message = try RelayMessage(parsing: text.readableBytesView)
            malformed = 0
        } catch {
            malformed += 1
            if malformed >= Self.mostMalformed {
                socket.close(
                    .invalidPayload, reason: "too many malformed messages in a row; the last: \(error.message)")
            }
            return
        }
        switch (state, message) {
        case (.waiting, .setup(let setup)): begin(setup, socket)
        case (.running(let leg), _): deliver(message, leg, socket)
        default: break
        }
    }

    private func begin(_ setup: RelayMessage.Setup, _ socket: WebSocket) {
        timer?.cancel()
        state = .opening
        socket.setReading(false)
        Task { [eventLoop] in
            do {
                let leg = try await open(setup, self)
                eventLoop.execute { self.began(leg) }
            } catch {
                let reason = (error as? CallRefused)?.reason ?? "the call cannot be taken"
                eventLoop.execute { self.socket?.close(.tryAgainLater, reason: reason) }
            }
        }
    }

    private func began(_ leg: Leg) {
        guard case .opening = state, let socket else { return lost(leg, true) }
        state = .running(leg)
        socket.setReading(true)
    }

    private func deliver(_ message: RelayMessage, _ leg: Leg, _ socket: WebSocket) {
        leg.session.onOwnLoop { session in
            leg.call.receive(message, session)
            guard !session.hasRoom else { return }
            self.onOwnLoop { self.socket?.setReading(false) }
            session.onRoom { self.onOwnLoop { self.socket?.setReading(true) } }
        }
    }

    func closed(_ code: WebSocketCloseCode?, reason: String) {
        timer?.cancel()
        socket = nil
        defer { state = .over }
        if case .running(let leg) = state { lost(leg, code != nil) }
    }

    // MARK: To Twilio

    /// Sends what a call has for Twilio; from any thread, in order.
    func send(_ packet: RelayCall.Packet) { onOwnLoop { self.write(packet) } }

    private func write(_ packet: RelayCall.Packet) {
        guard let socket else { return }
        switch packet {
        case .text(let text): socket.send(text: text)
        case .end:
            timer?.cancel()
            timer = socket.eventLoop.scheduleTask(in: TimeAmount(Self.endTimeout)) { [weak socket] in
                socket?.close(.normal)
            }
        }
    }

    private func onOwnLoop(_ body: @escaping @Sendable () -> Void) {
        if eventLoop.inEventLoop { body() } else { eventLoop.execute(body) }
    }
}

extension Session {
    /// Calls `body` on the session's loop: at once where that is the caller's.
    nonisolated func onOwnLoop(_ body: @escaping @Sendable (isolated Session) -> Void) {
        if loop.isOnLoop { return assumeIsolated(body) }
        loop.eventLoop?.execute { self.assumeIsolated(body) }
    }
}
