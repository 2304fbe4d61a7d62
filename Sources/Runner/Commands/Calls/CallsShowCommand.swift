// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallRecords
import PipelineKit

/// `runner calls show FILE ID`.
struct CallsShowCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what was said in a call, and where the time of each answer went.",
        discussion: """
            Of what the agent said the words that the caller heard are shown, and what was planned where the agent was \
            interrupted. With --json all that was written of the call is printed as one object.
            """)

    @OptionGroup var records: RecordsArgument

    @Argument(help: "The call's id.")
    var id: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run(in context: RunnerContext) async throws -> ExitStatus {
        try records.read(context) { store in
            guard let history = try store.history(of: id) else {
                context.output.error("no call has the id '\(id)'; 'runner calls list' shows those that there are")
                return .problems
            }
            if json { context.output.json(history.json) } else { show(history, context.output) }
            return .good
        }
    }

    private func show(_ history: CallHistory, _ output: Output) {
        let call = history.call
        let end = call.end.map { "\($0.reason) after \(($0.duration.milliseconds / 1000).fixed(1)) s" }
        let rows: [(String, String?)] = [
            ("call", "\(call.header.id), by \(call.header.transport), on \(call.header.pipeline)"),
            ("began", "\(call.header.began.shown) UTC"), ("from", call.header.from), ("to", call.header.to),
            ("end", end ?? call.state.rawValue), ("error", call.end?.error), ("recording", call.end?.recording),
            ("lost", call.end.flatMap { $0.lostEntries > 0 ? "\($0.lostEntries) entries could not be written" : nil }),
        ]
        for case (let name, let value?) in rows {
            let padded = name + String(repeating: " ", count: 9 - name.count)
            output.line("\(output.styled(padded, .dim)) \(value.shownSafely)")
        }
        let record = CallRecord(history)
        let texts = [record.transcript, record.turnsTable, Self.troubles(history)]
        for text in texts where !text.isEmpty { output.write("\n" + text.lines.map { $0.shownSafely + "\n" }.joined()) }
    }

    /// What went wrong, line by line.
    private static func troubles(_ history: CallHistory) -> String {
        history.events.filter { ["error", "dropped", "abandoned"].contains($0.value.kind) }.map { event in
            let number = event.value.value.map { $0.fixed(0) }
            let parts = [event.value.kind, event.value.name, number, event.value.text].compactMap(\.self)
            return "\(event.time.shownClock)  \(parts.joined(separator: " "))\n"
        }.joined()
    }
}

extension CallRecord {
    /// What was said in a call that is over.
    init(_ history: CallHistory) {
        let lines = history.utterances.map { utterance in
            Line(
                time: utterance.time, isCaller: utterance.value.speaker == .caller, text: utterance.value.heard,
                planned: utterance.value.isInterrupted ? utterance.value.planned : nil)
        }
        self.init(lines: lines, turns: history.turns.map(\.value))
    }
}

extension String {
    fileprivate var lines: [String] { split(separator: "\n").map(String.init) }
}
