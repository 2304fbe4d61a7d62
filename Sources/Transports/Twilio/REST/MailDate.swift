// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Dates as mail and Twilio write them, such as `Thu, 30 Jul 2026 20:12:31 +0000`.
///
/// - SeeAlso: RFC 2822, section 3.3.
enum MailDate {
    /// Seconds since 1970; `nil` if the text is no date.
    static func seconds(of text: String) -> Int? {
        let parts = text.split(whereSeparator: { " ,:".contains($0) })
        guard parts.count == 8, let day = Int(parts[1]), let year = Int(parts[3]), let hour = Int(parts[4]),
            let minute = Int(parts[5]), let second = Int(parts[6]), let zone = Int(parts[7]),
            let month = months.firstIndex(of: parts[2]), (1...31).contains(day), (1970...9999).contains(year),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second), (-1400...1400).contains(zone)
        else { return nil }
        let local = days(year: year, month: month + 1, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        return local - (zone / 100 * 3600 + zone % 100 * 60)
    }

    private static let months =
        [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ] as [Substring]

    /// Days since 1970-01-01; years begin in March here, so that the leap day comes last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
