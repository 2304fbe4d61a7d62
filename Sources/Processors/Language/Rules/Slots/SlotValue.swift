// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a caller said for a slot.
struct SlotValue: Sendable, Hashable {
    /// The value as other programs like it: `haircut`, `friday`, `15:30`, `4`.
    var canonical: String
    /// The value as a reply says it: `three thirty in the afternoon`.
    var text: String
}

/// What the words for a slot mean.
enum SlotReading: Sendable, Hashable {
    /// A value that can be had.
    case value(SlotValue)
    /// A value that cannot be had, such as a day on which the shop is closed.
    case refused(SlotValue)

    /// The value, if it can be had.
    var value: SlotValue? {
        if case .value(let value) = self { value } else { nil }
    }

    /// Whether it cannot be had.
    var isRefused: Bool { value == nil }
}
