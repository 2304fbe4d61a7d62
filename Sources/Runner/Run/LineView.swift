// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A line for everything that happens, for terminals that cannot redraw, and files.
struct LineView: RunView {
    private let output: Output
    private let lines: EventLine
    private var watches: [String: DropWatch] = [:]

    /// Creates a view that prints to `output`.
    init(_ output: Output) {
        self.output = output
        lines = EventLine(output: output)
    }

    mutating func show(_ event: RunEvent) {
        if let text = lines.text(event) { output.line(text) }
    }

    mutating func showEnd(
        _ event: RunEvent, _ report: SessionReport, _ record: CallRecord, _ files: [(kind: String, path: String)]
    ) {
        show(event)
        output.write(CallSummary(report: report, record: record, files: files).text)
        watches[event.call] = nil
    }

    mutating func show(_ figures: SessionFigures, of call: String) {
        for warning in watches[call, default: DropWatch()].warnings(figures.processors) {
            output.note(output.styled("warning: \(warning)", .yellow))
        }
    }
}

/// What is printed when a call is over: each turn's breakdown and where the files are.
struct CallSummary {
    var report: SessionReport
    var record: CallRecord
    var files: [(kind: String, path: String)]

    /// The summary, in lines.
    var text: String {
        var text = record.turns.isEmpty ? "" : "\n\(record.turnsTable)"
        for processor in report.processors {
            for (reason, count) in processor.framesDropped.sorted(by: { $0.key < $1.key }) where reason != "stale" {
                text += "\(processor.id) dropped \(count) frames (\(reason))\n"
            }
        }
        if !report.abandoned.isEmpty { text += "abandoned: \(report.abandoned.joined(separator: ", "))\n" }
        if !files.isEmpty { text += "\n" }
        let width = files.map(\.kind.count).max() ?? 0
        for file in files {
            text += "\(file.kind)\(String(repeating: " ", count: width - file.kind.count))  \(file.path)\n"
        }
        return text
    }
}
