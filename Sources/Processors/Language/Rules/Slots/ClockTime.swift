// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A time of day as people say it.
struct ClockTime: Sendable, Hashable {
    /// Minutes since midnight.
    var minutes: Int

    private static let parts = ["in the morning", "in the afternoon", "in the evening", "a.m.", "p.m."]
    private static let minuteWords = ["ten", "fifteen", "twenty", "thirty", "forty", "forty five", "fifty"]

    /// How a time is said: `three`, `three thirty in the afternoon`, `half past two`, `noon`.
    static let pattern: Pattern = {
        let hour = Pattern.texts(NumberWords.small[1...12])
        let minutes = Pattern.optional(.texts(["o'clock"] + minuteWords))
        let quarter = Pattern.sequence([.optional(.word("a")), .word("quarter"), .texts(["past", "to"])])
        let past = Pattern.choice([.texts(["half past"]), quarter])
        let clock = Pattern.choice([.sequence([hour, minutes]), .sequence([past, hour])])
        return .choice([.sequence([clock, .optional(.texts(parts))]), .texts(["noon", "midday", "midnight"])])
    }()

    /// The times that words which fit ``pattern`` may mean: two, twelve hours apart, where the part of the day is open.
    static func readings(of words: [String]) -> [ClockTime] {
        switch words {
        case ["noon"], ["midday"]: return [ClockTime(minutes: 720)]
        case ["midnight"]: return [ClockTime(minutes: 0)]
        default: break
        }
        let part = parts.first { words.suffix(3).joined(separator: " ").hasSuffix($0) }
        let clock = words.dropLast(part.map { $0.split(separator: " ").count } ?? 0)
        guard let time = twelveHours(Array(clock)) else { return [] }
        switch part {
        case nil: return [ClockTime(minutes: time), ClockTime(minutes: time + 720)]
        case "in the morning", "a.m.": return [ClockTime(minutes: time)]
        default: return [ClockTime(minutes: time + 720)]
        }
    }

    /// Minutes in the half of a day that ends at noon.
    private static func twelveHours(_ words: [String]) -> Int? {
        guard let first = words.first, let last = words.last else { return nil }
        if let offset = offset(words), let hour = NumberWords.number([last]) { return (hour * 60 + offset + 720) % 720 }
        guard let hour = NumberWords.number([first]) else { return nil }
        let rest = words.dropFirst()
        guard !rest.isEmpty, rest != ["o'clock"] else { return hour * 60 % 720 }
        return NumberWords.number(rest).map { (hour * 60 + $0) % 720 }
    }

    private static func offset(_ words: [String]) -> Int? {
        if words.first == "half" { return 30 }
        guard words.contains("quarter") else { return nil }
        return words.contains("past") ? 15 : -15
    }

    /// The time on a 24-hour clock: `15:30`.
    var canonical: String {
        let digits = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(digits(minutes / 60)):\(digits(minutes % 60))"
    }

    /// The time in words: `three thirty in the afternoon`.
    var text: String {
        switch minutes {
        case 0: return "midnight"
        case 720: return "noon"
        default: break
        }
        let hour = NumberWords.small[(minutes / 60 + 11) % 12 + 1]
        let rest = minutes % 60 == 0 ? [] : NumberWords.words(of: minutes % 60)
        let part = minutes < 720 ? "morning" : minutes < 1080 ? "afternoon" : "evening"
        return ([hour] + rest + ["in the", part]).joined(separator: " ")
    }
}
