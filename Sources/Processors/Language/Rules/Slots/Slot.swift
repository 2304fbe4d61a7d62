// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A value that callers name: what it may be and how it is said.
struct Slot: ParameterGroup {
    var type: SlotType
    var values: NamedValues<[Phrase]> = [:]
    var only: [Day] = Day.allCases
    var earliestHour = 0
    var latestHour = 23
    var minimum = 0
    var maximum = 99
    var length = 4
    var answers: [Phrase] = []
    var called: [Phrase] = []
    var refuse = ReplyChoices("Sorry, that is not possible.")

    static let template = Self(type: .day)
    static let schema = ParameterSchema<Self>(
        .required("type", \.type, "What kind of value it is."),
        .optional("values", \.values, "For a choice: each value as replies say it, and other phrases for it."),
        .optional("only", \.only, "For a day: the days that can be had."),
        .optional("earliest_hour", \.earliestHour, in: 0...23, "For a time: the first hour that can be had."),
        .optional("latest_hour", \.latestHour, in: 0...23, "For a time: the last hour that can be had."),
        .optional("minimum", \.minimum, in: 0...99, "For a number: the least."),
        .optional("maximum", \.maximum, in: 0...99, "For a number: the greatest."),
        .optional("length", \.length, in: 1...20, "For digits: how many."),
        .optional("answers", \.answers, "How callers answer when asked for it, with the slot itself in braces."),
        .optional("called", \.called, "What callers call it when they want to change it."),
        .optional("refuse", \.refuse, "What is said to a value that cannot be had; the question follows."))

    func validate(into issues: inout ParameterIssues) {
        if type == .choice, values.entries.isEmpty {
            issues.error("values", "a choice needs values; write 'values: {tea: [], coffee: [espresso]}'")
        }
        if type != .choice, !values.entries.isEmpty {
            issues.error("values", "only a choice has values; write 'type: choice' or remove them")
        }
        for entry in values.entries where SpokenForm.words(of: entry.name).isEmpty {
            issues.error("values", "\(entry.name.debugDescription) cannot be said; write words")
        }
        if earliestHour > latestHour { issues.error("latest_hour", "\(latestHour) is before earliest_hour") }
        if minimum > maximum { issues.error("maximum", "\(maximum) is below minimum") }
        if only.isEmpty { issues.error("only", "no day is left; name one") }
    }
}

extension Slot {
    /// How its values are said.
    ///
    /// - Parameter yesNo: How yes and no are said.
    func pattern(yesNo: [Pattern]) -> Pattern {
        switch type {
        case .choice: .any(values.entries.map { Self.pattern(of: $0) })
        case .day: .texts(Day.allCases.map(\.rawValue))
        case .time: ClockTime.pattern
        case .number: Self.numbers
        case .digits: .all(Array(repeating: Self.digit, count: length))
        case .yesNo: .any(yesNo)
        }
    }

    /// What words that fit the pattern mean.
    ///
    /// - Parameter fits: Whether the words fit another pattern.
    func reading(of words: [String], agrees: Bool, fits: (Pattern) -> Bool) -> SlotReading? {
        switch type {
        case .choice:
            values.entries.first { fits(Self.pattern(of: $0)) }
                .map { .value(SlotValue(canonical: $0.name, text: $0.name)) }
        case .day:
            words.first.flatMap { Day(rawValue: $0) }.map { day in
                judged(SlotValue(canonical: day.rawValue, text: day.text), isPossible: only.contains(day))
            }
        case .time: timeReading(words)
        case .number:
            NumberWords.number(words).map { number in
                judged(
                    SlotValue(canonical: "\(number)", text: words.joined(separator: " ")),
                    isPossible: (minimum...maximum).contains(number))
            }
        case .digits: digitsReading(words)
        case .yesNo: .value(SlotValue(canonical: agrees ? "yes" : "no", text: agrees ? "yes" : "no"))
        }
    }

    private static let digit = Pattern.texts(NumberWords.small[0...9] + ["oh"])
    private static let numbers = Pattern.choice([
        .texts(NumberWords.small),
        .sequence([.texts(NumberWords.tens), .optional(.texts(NumberWords.small[1...9]))]),
    ])

    private static func pattern(of value: NamedValues<[Phrase]>.Entry) -> Pattern {
        .any([.texts([value.name])] + value.value.map(\.pattern))
    }

    private func judged(_ value: SlotValue, isPossible: Bool) -> SlotReading {
        isPossible ? .value(value) : .refused(value)
    }

    private func timeReading(_ words: [String]) -> SlotReading? {
        let times = ClockTime.readings(of: words)
        let possible = times.first { (earliestHour...latestHour).contains($0.minutes / 60) }
        return (possible ?? times.first).map { time in
            judged(SlotValue(canonical: time.canonical, text: time.text), isPossible: possible != nil)
        }
    }

    private func digitsReading(_ words: [String]) -> SlotReading {
        let digits = words.map { $0 == "oh" ? "0" : "\(NumberWords.number([$0]) ?? 0)" }
        return .value(SlotValue(canonical: digits.joined(), text: words.joined(separator: " ")))
    }
}
