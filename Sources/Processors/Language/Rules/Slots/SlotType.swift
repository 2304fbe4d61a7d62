// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What kind of value a slot takes.
enum SlotType: String, ParameterChoice {
    case choice, day, time, number, digits
    case yesNo = "yes_no"

    var summary: String {
        switch self {
        case .choice: "one of the values that are listed"
        case .day: "a day of the week, today or tomorrow"
        case .time: "a time of day; without 'in the morning' or the like the one that can be had"
        case .number: "a whole number from 0 to 99"
        case .digits: "a row of digits, such as a code"
        case .yesNo: "yes or no"
        }
    }
}

/// Days that callers name.
enum Day: String, ParameterChoice {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday, today, tomorrow

    var summary: String {
        switch self {
        case .today, .tomorrow: "the day counted from the call"
        default: "the day of the week"
        }
    }

    /// The day as a reply says it: `on Friday`, `tomorrow`.
    var text: String {
        switch self {
        case .today, .tomorrow: rawValue
        default: "on " + rawValue.prefix(1).uppercased() + rawValue.dropFirst()
        }
    }
}
