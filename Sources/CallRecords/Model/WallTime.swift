// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A moment of the calendar, in milliseconds since 1970; a label of records, never used to measure.
public struct WallTime: Hashable, Sendable, Comparable {
    /// Milliseconds since the beginning of 1970, UTC.
    public var milliseconds: Int64

    /// Creates a moment.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The machine's time.
    public static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    public static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }

    /// The moment that lies `duration` after `time`.
    public static func + (time: WallTime, duration: Duration) -> WallTime {
        WallTime(
            milliseconds: time.milliseconds &+ Int64(clamping: duration.components.seconds) &* 1000
                &+ duration.components.attoseconds / 1_000_000_000_000_000)
    }

    /// The moment that lies `duration` before `time`.
    public static func - (time: WallTime, duration: Duration) -> WallTime { time + (.zero - duration) }
}

extension WallTime {
    /// Reads `2026-11-21` or `2026-11-21T15:04:05Z`, both UTC.
    ///
    /// - Returns: `nil` for any other text, and for days that do not exist.
    public init?(_ text: String) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard let day = Self.numbers(parts[0], "-", widths: [4, 2, 2]) else { return nil }
        var clock = [0, 0, 0]
        if parts.count > 1 {
            guard parts.count == 2, parts[1].hasSuffix("Z"),
                let numbers = Self.numbers(parts[1].dropLast(), ":", widths: [2, 2, 2])
            else { return nil }
            clock = numbers
        }
        guard clock[0] < 24, clock[1] < 60, clock[2] < 60 else { return nil }
        var fields = tm()
        fields.tm_year = Int32(day[0] - 1900)
        fields.tm_mon = Int32(day[1] - 1)
        fields.tm_mday = Int32(day[2])
        let seconds = timegm(&fields) + clock[0] * 3600 + clock[1] * 60 + clock[2]
        // `timegm` takes 31 April for 1 May.
        guard fields.tm_mday == day[2], fields.tm_mon == day[1] - 1 else { return nil }
        self.init(milliseconds: Int64(seconds) * 1000)
    }

    private static func numbers(_ text: Substring, _ separator: Character, widths: [Int]) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == widths else { return nil }
        let numbers = parts.compactMap { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
        return numbers.count == widths.count ? numbers : nil
    }

    /// The moment as RFC 3339 writes it, in UTC and to the millisecond: `2026-11-21T15:04:05.123Z`.
    public var text: String { "\(shown(separator: "T")).\(Self.padded(milliseconds - seconds * 1000, 3))Z" }

    /// The moment for people: `2026-11-21 15:04:05`, UTC.
    public var shown: String { shown(separator: " ") }

    private var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }

    private func shown(separator: String) -> String {
        var time = time_t(seconds)
        var fields = tm()
        guard gmtime_r(&time, &fields) != nil else { return "?" }
        let day = [(fields.tm_year + 1900, 4), (fields.tm_mon + 1, 2), (fields.tm_mday, 2)]
        let clock = [(fields.tm_hour, 2), (fields.tm_min, 2), (fields.tm_sec, 2)]
        return day.map { Self.padded(Int64($0), $1) }.joined(separator: "-") + separator
            + clock.map { Self.padded(Int64($0), $1) }.joined(separator: ":")
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
