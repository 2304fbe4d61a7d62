// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Makes messages of a stream of bytes: joins fragments, lets control frames pass between them, checks every rule.
///
/// A sans-I/O machine: bytes in, messages out. After it has thrown it must not be used again. Holds at most
/// `maxMessageBytes` of a message and 125 of a control frame.
struct MessageReader {
    private let maxMessageBytes: Int
    private var decoder: FrameDecoder
    /// The frame in progress.
    private var frame: FrameHeader?
    /// The message in progress, from its first fragment to its last.
    private var message: Message?
    private var control = ByteBuffer()

    private struct Message {
        let isText: Bool
        var bytes = ByteBuffer()
        var check = UTF8Check()
    }

    /// Creates a reader at the beginning of a stream.
    ///
    /// - Parameter isMasked: Whether the peer is a client.
    init(isMasked: Bool, maxFrameBytes: Int, maxMessageBytes: Int) {
        self.maxMessageBytes = maxMessageBytes
        decoder = FrameDecoder(isMasked: isMasked, limit: min(maxFrameBytes, maxMessageBytes))
    }

    /// Takes the next message off the input; `nil` when more bytes are needed.
    mutating func next(_ input: inout ByteBuffer) throws(WebSocketViolation) -> IncomingMessage? {
        while let event = try decoder.next(&input) {
            switch event {
            case .header(let header): try begin(header)
            case .payload(let bytes, let isLast):
                if let message = try take(bytes, isLast: isLast) { return message }
            }
        }
        return nil
    }

    private mutating func begin(_ header: FrameHeader) throws(WebSocketViolation) {
        frame = header
        switch header.opcode {
        case .close where header.length == 1: throw .rule("a Close frame has half a code")
        case .close, .ping, .pong: break
        case .continuation:
            guard let message else { throw .rule("a continuation without a message to continue") }
            guard header.length <= maxMessageBytes - message.bytes.readableBytes else {
                throw .tooBig("a message of more than \(maxMessageBytes) bytes")
            }
        case .text, .binary:
            guard message == nil else { throw .rule("a message begins within another") }
            message = Message(isText: header.opcode == .text)
        }
    }

    private mutating func take(_ bytes: ByteBuffer, isLast: Bool) throws(WebSocketViolation) -> IncomingMessage? {
        guard let frame else { return nil }
        return frame.opcode.isControl
            ? try takeControl(bytes, frame.opcode, isLast: isLast)
            : try takeData(bytes, isLast: isLast && frame.isFinal)
    }

    private mutating func takeData(
        _ bytes: ByteBuffer, isLast: Bool
    ) throws(WebSocketViolation) -> IncomingMessage? {
        if message?.isText == true, message?.check.take(bytes) == false { throw .text("text that is not UTF-8") }
        message?.bytes.append(bytes)
        guard isLast, let message else { return nil }
        self.message = nil
        guard message.isText else { return .binary(message.bytes) }
        guard message.check.isComplete else { throw .text("text ends within a character") }
        return .text(message.bytes)
    }

    private mutating func takeControl(
        _ bytes: ByteBuffer, _ opcode: FrameOpcode, isLast: Bool
    ) throws(WebSocketViolation) -> IncomingMessage? {
        control.append(bytes)
        guard isLast else { return nil }
        defer { control = ByteBuffer() }
        switch opcode {
        case .ping: return .ping(control)
        case .pong: return .pong(control)
        default: return try close()
        }
    }

    private func close() throws(WebSocketViolation) -> IncomingMessage {
        var payload = control
        guard let number: UInt16 = payload.readInteger() else { return .close(.noStatus, reason: "") }
        let code = WebSocketCloseCode(rawValue: number)
        guard code.isValidOnWire else { throw .rule("close code \(number) must not be sent") }
        var check = UTF8Check()
        guard check.take(payload), check.isComplete else { throw .text("a close reason that is not UTF-8") }
        return .close(code, reason: String(buffer: payload))
    }
}

extension ByteBuffer {
    /// Appends a piece; the first one is taken as it is, without a copy.
    fileprivate mutating func append(_ piece: ByteBuffer) {
        if readableBytes == 0 {
            self = piece
        } else {
            writeImmutableBuffer(piece)
        }
    }
}
