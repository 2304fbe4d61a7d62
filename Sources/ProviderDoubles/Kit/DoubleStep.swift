// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// One thing that a double does on a connection.
package enum DoubleStep: Sendable, Equatable {
    /// Lets time pass.
    case wait(Duration)
    /// Sends bytes: of a body, of a raw connection; on a WebSocket a binary message.
    case bytes(ByteBuffer)
    /// Sends a text message on a WebSocket; its bytes anywhere else.
    case text(String)
    /// Forgets what has not been sent yet; takes effect at once.
    case clear
    /// Ends the connection in good order: the end of a body, of a raw connection, a Close frame with the code.
    case close(code: UInt16 = 1000, reason: String = "")
    /// Breaks the connection off.
    case reset
    /// Sends nothing ever again, and keeps the connection.
    case hang

    /// Sends bytes.
    package static func bytes(_ bytes: some Sequence<UInt8>) -> DoubleStep { .bytes(ByteBuffer(bytes: bytes)) }
}
