// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit

/// `runner bench core`.
struct BenchCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures what the runtime costs on this machine.",
        discussion: """
            Takes a minute or two. Times are CPU time of this process where that makes sense, so that a busy machine \
            disturbs them less; the numbers of calls are found by trying.

              runner bench core
              runner bench core --json | jq .hop_ns
            """)

    /// What can be measured.
    enum Subject: String, ExpressibleByArgument, CaseIterable {
        /// Hops, queues, interruptions, memory, density, signal processing, start.
        case core
    }

    @Argument(help: "What to measure: core.")
    var subject: Subject

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(name: .customLong("start-probe"), help: .private)
    var isStartProbe = false

    func run(in context: RunnerContext) async throws -> ExitStatus {
        if isStartProbe {
            try await StartBench.answerOneFrame()
            return .good
        }
        let figures = try await CoreBench.run { if !json { context.output.note("measuring: \($0)") } }
        if json { context.output.json(Self.json(figures)) } else { context.output.write(Self.table(figures)) }
        return .good
    }

    private static func json(_ figures: [CoreBench.Figure]) -> JSONValue {
        .object(figures.map { JSONValue.Member($0.key, $0.value.map { .number(($0 * 1000).rounded() / 1000) } ?? .null) })
    }

    private static func table(_ figures: [CoreBench.Figure]) -> String {
        var table = TextTable([("what", .left), ("here", .right), ("unit", .left), ("wanted", .left)])
        for figure in figures {
            table.add([figure.title, figure.value.map { $0.fixed($0 < 10 ? 2 : 0) } ?? "-", figure.unit, figure.target])
        }
        return table.text
    }
}
