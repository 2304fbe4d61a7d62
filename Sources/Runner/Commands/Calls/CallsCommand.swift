// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `runner calls`.
struct CallsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "Shows, exports and erases the records of calls.",
        discussion: """
            A call that comes over the network leaves a record: who called, what was said, how long each answer took and \
            where the time went, and why the call ended. 'records:' of the pipeline file says where and for how long.

              runner calls list pipelines/front_desk.yaml --since 24h
              runner calls show pipelines/front_desk.yaml CA0123456789
              runner calls export calls.sqlite --json > calls.jsonl
              runner calls erase calls.sqlite --number +15550100
            """,
        subcommands: [
            CallsListCommand.self, CallsShowCommand.self, CallsExportCommand.self, CallsEraseCommand.self,
        ])
}
