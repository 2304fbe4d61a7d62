// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// Whether a provider is worth asking, from how it did lately.
///
///     closed --5 failures in a row, or one that names a time--> open --time is over--> half open: one probe at a time
///     half open --the probe succeeds--> closed        half open --it fails--> open, twice as long
package struct CircuitBreaker: Sendable, Equatable {
    /// Failures in a row that open it.
    package static let patience = 5
    /// How long it is open at first.
    package static let firstPause = Duration.seconds(5)
    /// The longest that it is open.
    package static let longestPause = Duration.seconds(600)
    /// A wrong key does not get right within seconds.
    package static let accountPause = Duration.seconds(60)
    /// A probe that says nothing for so long is taken to be lost.
    package static let longestProbe = Duration.seconds(60)

    private enum State: Equatable {
        /// The state while all goes well, or has not gone wrong often enough.
        case closed(failures: Int)
        /// The state while nothing is asked.
        case open(until: MediaTime, error: String)
        /// The state while one request finds out how things stand.
        case probing(since: MediaTime)
    }

    private var state = State.closed(failures: 0)
    private var pause = firstPause

    /// Creates a closed one.
    package init() {}

    /// Whether nothing speaks against the provider.
    package var isHealthy: Bool { state == .closed(failures: 0) }

    /// Asks for leave to send a request.
    ///
    /// - Throws: ``ProviderError`` while the provider is left alone.
    package mutating func admit(at now: MediaTime) throws(ProviderError) {
        switch state {
        case .closed: return
        case .open(let until, let error):
            guard now >= until else { throw Self.refusal(until - now, error) }
            state = .probing(since: now)
        case .probing(let since):
            guard now - since >= Self.longestProbe else {
                throw Self.refusal(.seconds(1), "another call is finding out whether it is back")
            }
            state = .probing(since: now)
        }
    }

    /// The request went well.
    package mutating func succeeded() { self = Self() }

    /// The request was given up before it could be seen how it went.
    package mutating func abandoned(at now: MediaTime) {
        if case .probing = state { state = .open(until: now, error: "the request that was to find out was given up") }
    }

    /// The request failed.
    package mutating func failed(_ error: ProviderError, at now: MediaTime) {
        switch error.kind {
        case .malformed: abandoned(at: now)
        case .permanent:
            // A request that the provider does not take says nothing about the next one; a refused account does.
            guard let status = error.status, [401, 402, 403, 429].contains(status) else { return abandoned(at: now) }
            open(Self.accountPause, error, now)
        case .capacity, .transient:
            if let wait = error.retryAfter, wait > RetryPolicy.longestWait { return open(wait, error, now) }
            switch state {
            case .closed(let failures) where failures + 1 < Self.patience: state = .closed(failures: failures + 1)
            case .closed: open(pause, error, now)
            case .open: return
            case .probing:
                pause = min(pause * 2, Self.longestPause)
                open(pause, error, now)
            }
        }
    }

    private mutating func open(_ duration: Duration, _ error: ProviderError, _ now: MediaTime) {
        state = .open(until: now + min(duration, Self.longestPause), error: error.message)
    }

    private static func refusal(_ wait: Duration, _ reason: String) -> ProviderError {
        var error = ProviderError(
            .capacity, "is left alone for another \(wait.parameterText) after it failed: \(reason)", retryAfter: wait)
        error.mayHaveArrived = false
        return error
    }
}
