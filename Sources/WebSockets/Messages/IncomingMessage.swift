// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What a peer sends, once it is whole.
enum IncomingMessage: Equatable {
    /// Valid UTF-8.
    case text(ByteBuffer)
    /// Bytes.
    case binary(ByteBuffer)
    /// To be answered with the same bytes.
    case ping(ByteBuffer)
    /// The answer to a ping, or a sign of life.
    case pong(ByteBuffer)
    /// The peer sends nothing more; ``WebSocketCloseCode/noStatus`` when it does not say why.
    case close(WebSocketCloseCode, reason: String)
}
