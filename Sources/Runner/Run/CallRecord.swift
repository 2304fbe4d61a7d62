// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What was said in a call and how long each answer took.
struct CallRecord {
    /// Something that one side said.
    struct Line {
        var time: MediaTime
        var isCaller: Bool
        /// What was heard.
        var text: String
        /// What the agent would have said, where it was cut short.
        var planned: String?
    }

    /// What was said, in the order in which it ended.
    private(set) var lines: [Line] = []
    /// The breakdown of every answered turn.
    private(set) var turns: [TurnRecord] = []

    /// Creates a record.
    init(lines: [Line] = [], turns: [TurnRecord] = []) {
        self.lines = lines
        self.turns = turns
    }

    /// Takes up an event.
    mutating func add(_ event: RunEvent) {
        switch event.event {
        case .heardCaller(_, let text, isFinal: true) where !text.isEmpty:
            lines.append(Line(time: event.time, isCaller: true, text: text))
        case .spoke(_, let heard, let planned, let isInterrupted):
            lines.append(
                Line(time: event.time, isCaller: false, text: heard, planned: isInterrupted ? planned : nil))
        case .turn(let record): turns.append(record)
        default: break
        }
    }

    /// The conversation as a text file has it.
    var transcript: String {
        lines.map { line in
            let cut = line.planned.map { " [interrupted; planned: \($0)]" } ?? ""
            return "\(line.time.shownClock)  \(line.isCaller ? "caller" : "agent "): \(line.text)\(cut)\n"
        }.joined()
    }

    /// A row for each answered turn, a column for each part of its gap, in milliseconds.
    var turnsTable: String {
        guard let names = turns.first?.parts.map(\.name) else { return "" }
        var table = TextTable([("turn", .right), ("gap ms", .right)] + names.map { ($0, .right) })
        for turn in turns {
            table.add(
                ["\(turn.turn)", turn.gap.milliseconds.fixed(1)] + turn.parts.map { $0.duration.milliseconds.fixed(1) })
        }
        return table.text
    }
}
