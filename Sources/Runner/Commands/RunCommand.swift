// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallRecords
import PipelineKit
import Transports

/// `runner run FILE`.
struct RunCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a pipeline: takes calls until there are no more, or until it is stopped.",
        discussion: """
            With a recording as the caller the call is over when the agent has answered it; --virtual runs it as fast as \
            it can be computed, and always with the same result.

              runner run pipelines/front_desk.yaml --input caller.wav
              runner run agent.yaml --input caller.wav --output reply.wav --virtual
              runner run agent.yaml --set brain.temperature=0.2

            Where the pipeline has a 'recorder', the transcript and the breakdown of every turn are written next to the \
            recording. Ctrl-C lets calls finish what is under way, once more cancels them.

            With --json every line is an object with 'kind', 'session' and 'time_ms'; kinds are session, turn, \
            transcript, interruption, metric, error, end.
            """)

    @Argument(help: "The pipeline file.")
    var file: String

    @Option(help: "Recording that takes the caller's place: WAV, FLAC or OGG.")
    var input: String?

    @Option(help: "File for what the caller hears, ending in .wav or .flac. Needs --input.")
    var output: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override a parameter, as in brain.temperature=0.2.", valueName: "id.key=value"))
    var overrides: [String] = []

    @Option(
        help: ArgumentHelp("Write transcripts to this directory even where no sound is recorded.", valueName: "dir"))
    var records: String?

    @Option(help: "Event loops; 0 for one per core.")
    var loops = 0

    @Flag(help: "Run on a virtual clock: as fast as possible, and deterministic. Needs --input.")
    var virtual = false

    @Flag(help: "Let servers also answer /diagnostics/echo, a WebSocket echo for conformance suites.")
    var diagnostics = false

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        if input == nil, output != nil { throw ValidationError("--output needs --input: a recording of the caller.") }
        if input == nil, virtual { throw ValidationError("--virtual needs --input: nobody calls in virtual time.") }
        if !(0...256).contains(loops) { throw ValidationError("--loops is \(loops); give 0 to 256.") }
    }

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let pipeline = try context.load(file, overrides: overrides)
        let context = context.hidingSecrets(of: pipeline)
        let transports = chooseTransports(of: pipeline)
        guard !transports.isEmpty else {
            context.output.error(
                "\(file): names no transport; give a recording with --input, or add one under 'transports:'")
            return .problems
        }
        let events = RunEvents()
        let files = RecordFiles(pipeline.document, directory: records)
        let writer = context.makeRecordsWriter(pipeline, transports: transports, files: files)
        let run = PipelineRun(
            pipeline: pipeline, transports: transports, isVirtual: virtual, loops: loops, output: context.output,
            events: events, records: writer, hasDiagnostics: diagnostics)
        let printer = RunPrinter(view(pipeline, context.output), files: files)
        let printing = Task { await printer.print(events) }
        let failure = await failure(of: run, printer)
        await writer?.close()
        events.finish()
        await printing.value
        if events.lostCount > 0 {
            context.output.note("\(events.lostCount) events were not shown: the output stood still")
        }
        if let failure { return report(failure, context.output) }
        return events.failureCount > 0 ? .failure : .good
    }

    private func failure(of run: PipelineRun, _ printer: RunPrinter) async -> (any Error)? {
        do { try await run.run(watchedBy: printer) } catch { return error }
        return nil
    }

    private func chooseTransports(of pipeline: Pipeline) -> [any Transport] {
        guard let input else {
            // A file transport without a recording waits for --input; the others take calls.
            let ready = pipeline.transports.filter { ($0 as? FileTransport)?.hasInput ?? true }
            return ready.isEmpty ? pipeline.transports : ready
        }
        let named = pipeline.transports.lazy.compactMap { $0 as? FileTransport }.first
        let file = named ?? FileTransport(.template)
        return [file.playing(FileReference(input), output: output.map { FileReference($0) })]
    }

    private func view(_ pipeline: Pipeline, _ output: Output) -> any RunView {
        if json { return JSONView(output: output, pipeline: pipeline.document.name) }
        return output.isTerminal ? LiveView(output) : LineView(output)
    }

    private func report(_ error: any Error, _ output: Output) -> ExitStatus {
        output.error("runner: \(error)")
        switch error {
        case is SoundFileError, is CallServerError, is FileTransport.NoInput, is PipelineProblems: return .problems
        default: return .failure
        }
    }
}
