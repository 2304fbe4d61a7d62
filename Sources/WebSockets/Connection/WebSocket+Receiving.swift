// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension WebSocket {
    /// Takes bytes from the channel.
    func received(_ bytes: ByteBuffer) {
        hasHeard = true
        guard phase != .over else { return }
        if input.readableBytes == 0 { input = bytes } else { input.writeImmutableBuffer(bytes) }
        deliver()
    }

    /// Hands on the messages that are there.
    func deliver() {
        guard !isDelivering else { return }
        isDelivering = true
        defer {
            isDelivering = false
            channel.flush()
        }
        do {
            while isReading, phase != .over, let message = try nextMessage() { take(message) }
        } catch {
            fail(error)
        }
    }

    /// The next message; what is left of the input does not keep the whole read alive.
    private func nextMessage() throws(WebSocketViolation) -> IncomingMessage? {
        let message = try reader.next(&input)
        if message == nil, input.readableBytes == 0 { input = ByteBuffer() }
        return message
    }

    private func take(_ message: IncomingMessage) {
        switch message {
        case .text(let bytes): if phase == .open { handler?.received(text: bytes, self) }
        case .binary(let bytes): if phase == .open { handler?.received(binary: bytes, self) }
        case .ping(let bytes): answerPing(bytes)
        case .pong: break
        case .close(let code, let reason): peerClosed(code, reason)
        }
    }

    /// Answers at once, or only the latest ping when the peer does not read (RFC 6455, 5.5.3).
    private func answerPing(_ bytes: ByteBuffer) {
        guard phase == .open else { return }
        guard channel.isWritable else { return unansweredPing = bytes }
        write(.pong, bytes)
    }

    /// The peer reads again.
    func becameWritable() {
        guard let ping = unansweredPing, phase == .open else { return }
        unansweredPing = nil
        write(.pong, ping)
    }
}
