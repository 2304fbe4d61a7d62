// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

@testable import Processors

extension Meaning {
    /// The meaning on one line: `book day=friday time=15:00`; a value that cannot be had as `day!sunday`.
    var summary: String {
        switch self {
        case .intent(let name, let readings): ([name] + Self.text(readings)).joined(separator: " ")
        case .values(_, let readings): Self.text(readings).joined(separator: " ")
        case .mention(let slot): "change \(slot)"
        case .agree: "yes"
        case .decline: "no"
        case .again: "repeat"
        case .cancel: "cancel"
        }
    }

    private static func text(_ readings: [String: SlotReading]) -> [String] {
        readings.sorted { $0.key < $1.key }.map { name, reading in
            switch reading {
            case .value(let value): "\(name)=\(value.canonical)"
            case .refused(let value): "\(name)!\(value.canonical)"
            }
        }
    }
}
