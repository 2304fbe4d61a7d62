// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit

/// `runner bench core`, `runner bench calls` and `runner bench FILE`.
struct BenchCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures what the runtime costs on this machine, or what a pipeline costs.",
        discussion: """
            'core' measures hops, queues, interruptions, memory and calls per core; it takes a few minutes. Times are CPU \
            time of this process where that makes sense, so that a busy machine disturbs them less.

            With a pipeline file it plays a recording into one or more calls at once and shows the cost of each stage and \
            the parts of the turns' gaps; --virtual leaves out the waiting and shows CPU time alone.

            'calls' has an emulated carrier place so many telephone calls at once, over real sockets and from a process of \
            its own, to a pipeline whose recogniser hears a scripted caller; it takes half a minute, and --find looks for \
            the largest number of calls that holds.

              runner bench core
              runner bench core --json | jq .hop_ns
              runner bench pipelines/front_desk.yaml --input caller.wav --calls 20
              runner bench calls --calls 100 --json
            """)

    @Argument(help: "What to measure: core, calls, or a pipeline file.")
    var subject: String

    @Option(help: "Recording of the caller, for a pipeline file.")
    var input: String?

    @Option(help: "Calls at once; 1 for a pipeline file and 100 for 'calls' if left out.")
    var calls: Int?

    @Option(help: "The pipeline that 'calls' calls.")
    var pipeline = "pipelines/front_desk.yaml"

    @Flag(help: "Look for the largest number of calls that holds.")
    var find = false

    @Flag(help: "Run the calls on a virtual clock, as fast as they can be computed.")
    var virtual = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(name: .customLong("start-probe"), help: .private)
    var isStartProbe = false

    @Option(name: .customLong("load"), help: .private)
    var loadedURL: String?

    @Option(name: .customLong("load-port"), help: .private)
    var loadPort = 0

    func validate() throws {
        if subject != "core", subject != "calls", input == nil {
            throw ValidationError("a pipeline is measured with a recording: give --input FILE.")
        }
        if let calls, !(1...10_000).contains(calls) { throw ValidationError("--calls is \(calls); give 1 to 10000.") }
        if find, subject != "calls" { throw ValidationError("--find looks for a number of calls: runner bench calls.") }
    }

    func run(in context: RunnerContext) async throws -> ExitStatus {
        if isStartProbe {
            try await StartBench.answerOneFrame()
            return .good
        }
        if subject == "calls" { return try await measureCalls(context) }
        guard let input, subject != "core" else { return try await measureCore(context.output) }
        let pipeline = try context.load(subject, overrides: [])
        let report = try await PipelineBench(pipeline: pipeline, input: input, calls: calls ?? 1, isVirtual: virtual)
            .run()
        if json { context.output.json(report.json) } else { context.output.write(report.text) }
        return .good
    }

    private func measureCalls(_ context: RunnerContext) async throws -> ExitStatus {
        if let loadedURL {
            context.output.json(try await CallsLoad(url: loadedURL, calls: calls ?? 100, port: loadPort).run().json)
            return .good
        }
        let bench = CallsBench(file: pipeline, context: context)
        let report: CallsReport
        if find {
            report = try await bench.find(from: calls ?? 100) { report in
                if !json { context.output.note("\(report.calls) calls \(report.holds ? "hold" : "do not hold")") }
            }
        } else {
            report = try await bench.run(calls ?? 100)
        }
        if json { context.output.json(report.json) } else { context.output.write(report.text) }
        return .good
    }

    private func measureCore(_ output: Output) async throws -> ExitStatus {
        let figures = try await CoreBench.run { if !json { output.note("measuring: \($0)") } }
        if json { output.json(Self.json(figures)) } else { output.write(Self.table(figures)) }
        return .good
    }

    private static func json(_ figures: [CoreBench.Figure]) -> JSONValue {
        .object(
            figures.map { JSONValue.Member($0.key, $0.value.map { .number(($0 * 1000).rounded() / 1000) } ?? .null) })
    }

    private static func table(_ figures: [CoreBench.Figure]) -> String {
        var table = TextTable([("what", .left), ("here", .right), ("unit", .left), ("wanted", .left)])
        for figure in figures {
            table.add([figure.title, figure.value.map { $0.fixed($0 < 10 ? 2 : 0) } ?? "-", figure.unit, figure.target])
        }
        return table.text
    }
}
