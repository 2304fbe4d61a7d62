// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import Providers
import Synchronization

/// What happened between adapters and doubles.
package final class DoubleJournal: Sendable {
    /// How a connection ended, from the provider's side.
    package enum End: Sendable, Equatable {
        /// Everything was sent.
        case complete
        /// The adapter closed it, or its task was cancelled.
        case givenUp
        /// The adapter forgot it without closing it: a leak.
        case forgotten
        /// The double, or a fault, ended it: reset, refusal, or a Close frame with this code.
        case broken(code: UInt16?)
    }

    /// One exchange.
    package struct Exchange: Sendable {
        /// What was asked.
        package var request: DoubleRequest
        /// The status of the answer; 101 on a WebSocket, 0 on a raw connection, `nil` before.
        package var status: Int?
        /// What arrived on the socket.
        package var received: [ProviderMessage] = []
        /// Bytes of content that the adapter has taken.
        package var sent = 0
        /// How it ended; `nil` while it is open.
        package var end: End?
    }

    /// Names an exchange.
    typealias Key = Int

    private let log = Mutex<[Exchange]>([])

    /// Creates an empty journal.
    package init() {}

    /// All exchanges, in the order in which they began.
    package var exchanges: [Exchange] { log.withLock { $0 } }

    /// What was asked, in order.
    package var requests: [DoubleRequest] { exchanges.map(\.request) }

    /// Exchanges that have not ended.
    package var open: [Exchange] { exchanges.filter { $0.end == nil } }

    /// Exchanges that were forgotten without being closed.
    package var forgotten: [Exchange] { exchanges.filter { $0.end == .forgotten } }

    /// Whether every connection was closed by somebody.
    package var isClean: Bool { open.isEmpty && forgotten.isEmpty }

    func begin(_ request: DoubleRequest) -> Key {
        log.withLock { log in
            log.append(Exchange(request: request))
            return log.count - 1
        }
    }

    func note(_ key: Key, _ change: (inout Exchange) -> Void) { log.withLock { change(&$0[key]) } }

    /// Notes an end; the first one holds.
    func end(_ key: Key, _ end: End) { note(key) { if $0.end == nil { $0.end = end } } }
}
