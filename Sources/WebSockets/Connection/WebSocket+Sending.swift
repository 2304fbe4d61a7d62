// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore

extension WebSocket {
    /// Sends a text message; does nothing when the socket is closing.
    public func send(text: String) { send(.text, ByteBuffer(string: text)) }

    /// Sends a text message that is UTF-8; does nothing when the socket is closing.
    public func send(text: ByteBuffer) { send(.text, text) }

    /// Sends a binary message; does nothing when the socket is closing.
    public func send(binary: ByteBuffer) { send(.binary, binary) }

    private func send(_ opcode: FrameOpcode, _ payload: ByteBuffer) {
        eventLoop.preconditionInEventLoop()
        guard phase == .open else { return }
        guard bufferedBytes + payload.readableBytes <= limits.maxBufferedBytes else {
            return drop("the peer does not read: more than \(limits.maxBufferedBytes) bytes wait for it")
        }
        write(opcode, payload)
    }

    /// Writes a frame; what is written while messages are being delivered leaves in one go behind them.
    func write(_ opcode: FrameOpcode, _ payload: ByteBuffer, promise: EventLoopPromise<Void>? = nil) {
        channel.write(Self.frame(opcode, payload, isMasked: side == .client), promise: promise)
        if !isDelivering { channel.flush() }
    }

    /// A whole frame in one buffer.
    static func frame(_ opcode: FrameOpcode, _ payload: ByteBuffer, isMasked: Bool) -> ByteBuffer {
        let mask = isMasked ? MaskingKey.random() : nil
        let header = FrameHeader(opcode: opcode, length: payload.readableBytes, mask: mask)
        var frame = ByteBuffer()
        frame.reserveCapacity(FrameHeader.longest + payload.readableBytes)
        header.write(to: &frame)
        let start = frame.readableBytes
        frame.writeImmutableBuffer(payload)
        guard let mask else { return frame }
        frame.withUnsafeMutableReadableBytes { mask.apply(to: .init(rebasing: $0[start...])) }
        return frame
    }
}
