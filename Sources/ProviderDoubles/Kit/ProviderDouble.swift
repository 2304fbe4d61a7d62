// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import Providers

/// Answers as a provider would, by a script.
///
/// Knows no clock and no socket: it says what is sent and after how long, and ``DoubleNetwork`` and ``DoubleServer`` do
/// it. One double answers many exchanges, maybe on several threads.
package protocol ProviderDouble: Sendable {
    /// Answers an HTTP request.
    func answer(_ request: DoubleRequest) -> DoubleAnswer
    /// Takes a WebSocket, or refuses it.
    func open(_ request: DoubleRequest) -> DoubleOpening
    /// Takes a raw connection.
    func dialled() -> any DoublePeer
}

extension ProviderDouble {
    /// Answers 404: there is no such thing at this provider.
    package func answer(_ request: DoubleRequest) -> DoubleAnswer { .notFound(request) }

    /// Answers 404: there is no such thing at this provider.
    package func open(_ request: DoubleRequest) -> DoubleOpening { .refused(.notFound(request)) }

    /// Hangs up at once.
    package func dialled() -> any DoublePeer { HangingUpPeer() }
}

/// The provider's end of a WebSocket or of a raw connection; confined to the loop of its connection.
///
/// What it returns is appended to what it has not sent yet, and leaves in that order.
package protocol DoublePeer: AnyObject {
    /// What is sent when the connection is there.
    func opened() -> [DoubleStep]
    /// What is sent for a message; on a raw connection for whatever bytes came, as binary.
    func received(_ message: ProviderMessage) -> [DoubleStep]
}

extension DoublePeer {
    /// Nothing.
    package func opened() -> [DoubleStep] { [] }
}

/// What becomes of a handshake.
package enum DoubleOpening {
    /// The socket is opened.
    case accepted(any DoublePeer)
    /// The answer is not an upgrade.
    case refused(DoubleAnswer)
}

private final class HangingUpPeer: DoublePeer {
    func opened() -> [DoubleStep] { [.reset] }
    func received(_ message: ProviderMessage) -> [DoubleStep] { [] }
}
