// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What the peer did that it must not do; the connection fails with `code`.
struct WebSocketViolation: Error, Equatable {
    /// The code that the peer is told.
    var code: WebSocketCloseCode
    /// The rule that was broken.
    var message: String

    /// A frame that breaks RFC 6455.
    static func rule(_ message: String) -> Self { Self(code: .protocolError, message: message) }
    /// A frame or message above a limit.
    static func tooBig(_ message: String) -> Self { Self(code: .messageTooBig, message: message) }
    /// Text that is not UTF-8.
    static func text(_ message: String) -> Self { Self(code: .invalidPayload, message: message) }
}
