// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit
import Synchronization

/// The breakers of all providers that a network reaches; shared by the sessions of the process.
package final class CircuitBreakers: Sendable {
    /// What fails together: one account of one provider at one address.
    package struct Key: Hashable, Sendable {
        private let provider: String
        private let address: String
        private let account: Int

        /// Creates a key; of a secret only the hash of this process is kept.
        package init(provider: String, address: String, apiKey: Secret<String>?) {
            self.provider = provider
            self.address = address
            account = apiKey?.value.hashValue ?? 0
        }
    }

    /// More accounts than a process talks to; the healthy ones are forgotten first.
    private static let capacity = 256

    private let breakers = Mutex<[Key: CircuitBreaker]>([:])

    /// Creates breakers that are all closed.
    package init() {}

    /// Asks for leave to send a request.
    ///
    /// - Parameter now: The loop's time, which is the same for all sessions of the process.
    /// - Throws: ``ProviderError`` while the provider is left alone.
    package func admit(_ key: Key, at now: MediaTime) throws(ProviderError) {
        try breakers.withLock { breakers throws(ProviderError) in try breakers[key]?.admit(at: now) }
    }

    /// Notes how a request went.
    package func note(_ key: Key, _ change: (inout CircuitBreaker) -> Void) {
        breakers.withLock { breakers in
            var breaker = breakers[key] ?? CircuitBreaker()
            change(&breaker)
            if breaker.isHealthy {
                breakers.removeValue(forKey: key)
            } else if breakers[key] != nil || breakers.count < Self.capacity {
                breakers[key] = breaker
            }
        }
    }
}
