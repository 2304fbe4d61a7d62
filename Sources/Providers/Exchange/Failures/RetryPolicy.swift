// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// When a step of a turn is tried once more: at most once, soon, and only while nothing of it can have been heard.
///
/// Not after a limit was reached: the turn has no time left, and the provider may still be at work.
package struct RetryPolicy: Sendable {
    /// The longest that a turn waits for a provider that asks to be left alone.
    package static let longestWait = Duration.seconds(1)

    /// Tries that have failed.
    package private(set) var failures = 0

    /// Creates the policy of one step.
    package init() {}

    /// The wait before another try; `nil` when there is none.
    package mutating func delay(after error: ProviderError) -> Duration? {
        failures += 1
        guard failures == 1, !error.isTimeout else { return nil }
        switch error.kind {
        case .transient:
            let wait = error.retryAfter ?? .zero
            return wait <= Self.longestWait ? wait : nil
        case .capacity: return error.retryAfter.flatMap { $0 <= Self.longestWait ? $0 : nil }
        case .permanent, .malformed: return nil
        }
    }
}

/// The waits of something that connects again and again in the background: exponential, with full jitter.
///
/// It gives up when connections die young three times in a row, as those with a wrong key do behind some handshakes, and
/// at once when an error is permanent. Deterministic: the same seed gives the same waits.
package struct Backoff: Sendable {
    /// A connection that lives so long was a good one.
    package static let goodLife = Duration.seconds(5)
    private static let least = Duration.milliseconds(250)
    private static let most = Duration.seconds(10)

    private var attempt = 0
    private var youngDeaths = 0
    private var random: UInt64

    /// Creates a sequence of waits.
    ///
    /// - Parameter seed: Something that differs between sessions, such as the call's id, so that they do not all come at
    ///   once.
    package init(seed: String) {
        random = seed.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    /// The wait before the next try; `nil` to give up.
    ///
    /// - Parameter life: How long the connection had been open; `nil` when it did not come about.
    package mutating func delay(after error: ProviderError, life: Duration?) -> Duration? {
        if error.kind == .permanent { return nil }
        if let life {
            if life >= Self.goodLife { (attempt, youngDeaths) = (0, 0) } else { youngDeaths += 1 }
            if youngDeaths >= 3 { return nil }
        }
        let ceiling = min(Self.least * (1 << min(attempt, 10)), Self.most)
        attempt += 1
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let share = Double(random >> 11) / Double(1 << 53)
        return max(error.retryAfter.map { min($0, Self.most) } ?? .zero, ceiling * share)
    }
}
