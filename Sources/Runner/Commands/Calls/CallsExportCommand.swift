// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallRecords
import PipelineKit

/// `runner calls export FILE`.
struct CallsExportCommand: RunnerSubcommand {
    private static let pageSize = 100

    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prints whole calls, one JSON object a line, the newest first.",
        discussion: """
            Each object is what 'runner calls show --json' prints.

              runner calls export calls.sqlite --since 7d > calls.jsonl
            """)

    @OptionGroup var records: RecordsArgument
    @OptionGroup var selection: CallSelection

    @Flag(help: "Print JSON; there is no other form.")
    var json = false

    func run(in context: RunnerContext) async throws -> ExitStatus {
        var filter = try selection.filter(limit: Self.pageSize)
        // Calls that begin meanwhile would move the pages.
        filter.until = .now()
        return try records.read(context) { store in
            while true {
                let calls = try store.histories(filter)
                for call in calls { context.output.json(call.json) }
                guard calls.count == Self.pageSize else { return .good }
                filter.offset += Self.pageSize
            }
        }
    }
}
