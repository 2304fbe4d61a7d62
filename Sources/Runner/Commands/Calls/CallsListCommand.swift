// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallRecords
import PipelineKit

/// `runner calls list FILE`.
struct CallsListCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists calls, the newest first.",
        discussion: "Times are UTC. With --json every line is an object.")

    @OptionGroup var records: RecordsArgument
    @OptionGroup var selection: CallSelection

    @Option(help: "Most calls.")
    var limit = 50

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        if !(1...1_000_000).contains(limit) { throw ValidationError("--limit is \(limit); give 1 to 1000000.") }
    }

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let filter = try selection.filter(limit: limit)
        return try records.read(context) { store in
            let calls = try store.calls(filter)
            if json {
                for call in calls { context.output.json(call.json) }
            } else if calls.isEmpty {
                context.output.note("No call matches.")
            } else {
                context.output.write(Self.table(calls))
            }
            return .good
        }
    }

    private static func table(_ calls: [RecordedCall]) -> String {
        var table = TextTable([
            ("began", .left), ("lasted", .right), ("from", .left), ("to", .left), ("turns", .right),
            ("slowest", .right), ("end", .left), ("id", .left),
        ])
        for call in calls {
            let end = call.end.map { $0.lostEntries > 0 ? "\($0.reason), incomplete" : $0.reason }
            table.add([
                call.header.began.shown, call.end?.duration.shownClock ?? "", (call.header.from ?? "").shownSafely,
                (call.header.to ?? "").shownSafely, "\(call.turnCount)", call.longestGap?.shownMilliseconds ?? "",
                (end ?? call.state.rawValue).shownSafely, call.header.id.shownSafely,
            ])
        }
        return table.text
    }
}

extension Duration {
    /// Minutes, seconds and tenths, such as `1:04.2`.
    fileprivate var shownClock: String { (MediaTime.zero + self).shownClock }
}

extension String {
    /// The text without what would move a terminal's cursor or change its colours: it came from outside.
    var shownSafely: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}
