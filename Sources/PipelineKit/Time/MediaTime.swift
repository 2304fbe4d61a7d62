// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A position on a session's clock, in nanoseconds since the session began.
///
/// Caller audio is stamped with the time at which its first sample was captured, agent audio with the time at which it
/// is heard; both lie on the session's monotonic clock, so that differences between them are latencies. Never wall clock.
public struct MediaTime: Hashable, Sendable, Comparable {
    /// Nanoseconds since the session began.
    public var nanoseconds: Int64

    /// Creates a time from nanoseconds since the session began.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The beginning of the session.
    public static let zero = MediaTime(nanoseconds: 0)

    public static func < (left: MediaTime, right: MediaTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The time that lies `duration` after `time`.
    public static func + (time: MediaTime, duration: Duration) -> MediaTime {
        MediaTime(nanoseconds: time.nanoseconds &+ duration.nanoseconds)
    }

    /// The time that lies `duration` before `time`.
    public static func - (time: MediaTime, duration: Duration) -> MediaTime {
        MediaTime(nanoseconds: time.nanoseconds &- duration.nanoseconds)
    }

    /// The duration from `right` to `left`; negative when `left` is the earlier one.
    public static func - (left: MediaTime, right: MediaTime) -> Duration {
        .nanoseconds(left.nanoseconds &- right.nanoseconds)
    }

    /// Moves the time forward by `duration`.
    public static func += (time: inout MediaTime, duration: Duration) { time = time + duration }
}

extension MediaTime: CustomStringConvertible {
    /// Seconds with three decimals, such as `1.250s`.
    public var description: String {
        let milliseconds = nanoseconds / 1_000_000
        let fraction = String(abs(milliseconds % 1000) + 1000).dropFirst()
        return "\(nanoseconds < 0 ? "-" : "")\(abs(milliseconds / 1000)).\(fraction)s"
    }
}

extension Duration {
    /// The duration in whole nanoseconds; what does not fit an `Int64` (292 years) is clamped.
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product &+ attoseconds / 1_000_000_000
    }

    /// The duration in milliseconds, with fraction.
    public var milliseconds: Double { Double(nanoseconds) / 1e6 }

    /// The time that `samples` samples of one channel last at `rate` Hz; rounded down to a nanosecond.
    public static func samples(_ samples: Int, rate: Int) -> Duration {
        precondition(rate > 0, "a sample rate is positive")
        let (whole, rest) = samples.quotientAndRemainder(dividingBy: rate)
        return .nanoseconds(Int64(whole) * 1_000_000_000 + Int64(rest) * 1_000_000_000 / Int64(rate))
    }

    /// The number of samples of one channel at `rate` Hz that lie in the duration, rounded to the nearest.
    public func sampleCount(rate: Int) -> Int {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Int(seconds) * rate + Int((rest * Int64(rate) + 500_000_000) / 1_000_000_000)
    }
}
