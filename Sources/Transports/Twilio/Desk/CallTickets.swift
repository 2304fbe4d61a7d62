// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One-time tokens by which a WebSocket proves that it belongs to a call that was answered with its address.
///
/// A signature alone can be replayed for ever. Holds a bounded number of tickets, each for a while.
final class CallTickets: Sendable {
    private struct Entry {
        let attributes: [String: String]
        let expiry: ContinuousClock.Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// The tokens in the order in which they expire.
        var order: [String] = []
    }

    private let life: Duration
    private let capacity: Int
    private let state = Mutex(State())

    /// Creates an office without tickets.
    ///
    /// - Parameters:
    ///   - life: How long a ticket is good: Twilio may say something first, and a trial account asks for a key.
    ///   - capacity: Tickets that are good at a time; the oldest goes when there are more.
    init(life: Duration = .seconds(90), capacity: Int = 4096) {
        self.life = life
        self.capacity = capacity
    }

    /// Gives out a ticket.
    ///
    /// - Parameter attributes: What whoever takes it learns of the call.
    func issue(_ attributes: [String: String], now: ContinuousClock.Instant = .now) -> String {
        let token = MessageAuthentication.randomBytes(18).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        state.withLock { state in
            while let oldest = state.order.first,
                state.entries.count >= capacity || state.entries[oldest].map({ $0.expiry <= now }) ?? true
            {
                state.order.removeFirst()
                state.entries[oldest] = nil
            }
            state.entries[token] = Entry(attributes: attributes, expiry: now + life)
            state.order.append(token)
        }
        return token
    }

    /// Takes a ticket; it is good once.
    ///
    /// - Returns: What was said of the call, or `nil` if the ticket is not good.
    func take(_ token: String, now: ContinuousClock.Instant = .now) -> [String: String]? {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: token), entry.expiry > now else { return nil }
            return entry.attributes
        }
    }
}
