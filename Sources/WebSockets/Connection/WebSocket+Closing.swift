// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension WebSocket {
    /// Starts the closing handshake: nothing more is delivered but `closed`, when the peer has answered or its time is
    /// up.
    ///
    /// - Parameters:
    ///   - code: Why; one that must not be sent is replaced by ``WebSocketCloseCode/internalError``.
    ///   - reason: Words for the peer's log, cut at 123 bytes.
    public func close(_ code: WebSocketCloseCode, reason: String = "") {
        eventLoop.preconditionInEventLoop()
        guard phase == .open else { return }
        setReading(true)
        phase = .closing
        write(.close, Self.closePayload(code, reason))
        windUp(after: limits.closeTimeout) { socket in
            socket.end(nil, "the peer did not answer a Close frame within \(socket.limits.closeTimeout)")
        }
    }

    /// The peer has sent its Close frame.
    func peerClosed(_ code: WebSocketCloseCode, _ reason: String) {
        let isFirst = phase == .open
        end(code, reason)
        let answered = eventLoop.makePromise(of: Void.self)
        if isFirst {
            write(.close, code == .noStatus ? ByteBuffer() : Self.closePayload(code, ""), promise: answered)
        } else {
            answered.succeed()
        }
        windUp(after: limits.closeTimeout)
        // RFC 6455, 7.1.1: the server closes the connection, so that it is the client's port that is free at once.
        guard side == .server else { return }
        answered.futureResult.whenComplete { [channel] _ in channel.close(promise: nil) }
    }

    /// The peer broke a rule: it is told, and nothing more is taken from it.
    func fail(_ violation: WebSocketViolation) {
        let isFirst = phase == .open
        guard phase != .over else { return }
        end(violation.code, violation.message)
        windUp(after: limits.closeTimeout)
        let told = eventLoop.makePromise(of: Void.self)
        if isFirst { write(.close, Self.closePayload(violation.code, violation.message), promise: told) }
        if !isFirst { told.succeed() }
        // Only this direction: to close with bytes unread would reset the connection and lose the Close frame.
        told.futureResult.whenComplete { [channel] _ in channel.close(mode: .output, promise: nil) }
    }

    /// Ends the connection without a handshake.
    package func drop(_ reason: String) {
        end(nil, reason)
        channel.close(promise: nil)
    }

    /// The connection is gone, in one direction or both.
    func connectionEnded(_ reason: String) {
        end(nil, reason)
        closeTimer?.cancel()
        channel.close(promise: nil)
    }

    /// Tells the handler, once.
    private func end(_ code: WebSocketCloseCode?, _ reason: String) {
        guard phase != .over else { return }
        phase = .over
        pingTimer?.cancel()
        input = ByteBuffer()
        unansweredPing = nil
        if !isReading { try? channel.syncOptions?.setOption(.autoRead, value: true) }
        isReading = true
        let handler = handler
        self.handler = nil
        handler?.closed(code, reason: reason)
    }

    private func windUp(after timeout: Duration, _ body: @escaping @Sendable (WebSocket) -> Void = { _ in }) {
        closeTimer?.cancel()
        closeTimer = eventLoop.scheduleTask(in: TimeAmount(timeout)) { [weak self] in
            guard let self else { return }
            body(self)
            channel.close(promise: nil)
        }
    }

    private static func closePayload(_ code: WebSocketCloseCode, _ reason: String) -> ByteBuffer {
        var payload = ByteBuffer(integer: (code.isValidOnWire ? code : .internalError).rawValue)
        for character in reason {
            guard payload.readableBytes + character.utf8.count <= FrameHeader.longestControlPayload else { break }
            payload.writeString(String(character))
        }
        return payload
    }
}
