// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallRecords
import PipelineKit

/// `runner calls erase FILE --number NUMBER`.
struct CallsEraseCommand: RunnerSubcommand {
    private static let erasedAtOnce = 200

    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erases calls with their recordings, for good.",
        discussion: """
            What is erased is overwritten in the file. A call that goes on is not erased; neither is one whose recording \
            cannot be removed.

              runner calls erase calls.sqlite --number +15550100
              runner calls erase pipelines/front_desk.yaml --older-than 90d
            """)

    @OptionGroup var records: RecordsArgument

    @Option(help: "Calls from or to this number.")
    var number: String?

    @Option(help: ArgumentHelp("Calls that ended before then.", valueName: "90d|2026-11-21"))
    var olderThan: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (number == nil) != (olderThan == nil) else {
            throw ValidationError("Give either --number or --older-than: nothing else is erased.")
        }
        _ = try olderThan.map(CallSelection.moment)
    }

    func run(in context: RunnerContext) async throws -> ExitStatus {
        guard let erasure = try erasure else { return .usage }
        return try records.read(context) { store in
            var count = 0
            while true {
                let erased = try store.erase(
                    erasure, limit: Self.erasedAtOnce, removeRecording: RecordingFiles.remove)
                count += erased
                if erased < Self.erasedAtOnce { break }
            }
            if json {
                context.output.json(["erased": .integer(count)])
            } else {
                context.output.line(count == 1 ? "1 call erased" : "\(count) calls erased")
            }
            return .good
        }
    }

    private var erasure: Erasure? {
        get throws {
            if let number { return .number(number) }
            return try olderThan.map { .endedBefore(try CallSelection.moment($0)) }
        }
    }
}
