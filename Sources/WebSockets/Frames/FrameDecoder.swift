// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Cuts a stream of bytes into frames and unmasks them; gives payloads as they arrive, whole or in pieces.
///
/// Holds nothing but the header of the frame in progress.
struct FrameDecoder {
    /// What the stream contains next.
    enum Event: Equatable {
        /// A frame begins.
        case header(FrameHeader)
        /// Unmasked bytes of its payload; `isLast` when the frame is complete with them.
        case payload(ByteBuffer, isLast: Bool)
    }

    private let isMasked: Bool
    private let limit: Int
    private var frame: FrameHeader?
    private var received = 0

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - isMasked: Whether the peer is a client.
    ///   - limit: Longest payload of a frame.
    init(isMasked: Bool, limit: Int) {
        self.isMasked = isMasked
        self.limit = limit
    }

    /// Takes the next event off the input; `nil` when it needs more.
    ///
    /// What remains in `input` then is less than a header.
    mutating func next(_ input: inout ByteBuffer) throws(WebSocketViolation) -> Event? {
        guard let frame else {
            guard let header = try FrameHeader.read(from: &input, isMasked: isMasked, limit: limit) else { return nil }
            self.frame = header
            received = 0
            return .header(header)
        }
        let count = min(frame.length - received, input.readableBytes)
        guard count > 0 || frame.length == 0 else { return nil }
        if let mask = frame.mask, mask.bits != 0 {
            let mask = mask.advanced(by: received)
            // In place: a whole message leaves as a slice of what was read, without a copy.
            input.withUnsafeMutableReadableBytes { mask.apply(to: .init(rebasing: $0[..<count])) }
        }
        received += count
        let isLast = received == frame.length
        if isLast { self.frame = nil }
        return .payload(input.readSlice(length: count) ?? ByteBuffer(), isLast: isLast)
    }
}
