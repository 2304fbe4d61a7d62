// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The present as other systems want to read it.
enum Timestamp {
    /// Such as `2026-11-21T16:20:00.125Z` (ISO 8601, UTC).
    static var now: String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// The text of a number of seconds since 1970.
    static func text(seconds: Int, milliseconds: Int) -> String {
        var seconds = seconds
        var date = tm()
        gmtime_r(&seconds, &date)
        let digits = { (value: Int32, count: Int) -> String in
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let day = "\(digits(date.tm_year + 1900, 4))-\(digits(date.tm_mon + 1, 2))-\(digits(date.tm_mday, 2))"
        let clock = "\(digits(date.tm_hour, 2)):\(digits(date.tm_min, 2)):\(digits(date.tm_sec, 2))"
        return "\(day)T\(clock).\(digits(Int32(milliseconds), 3))Z"
    }
}
