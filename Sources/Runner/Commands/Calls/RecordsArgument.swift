// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallRecords
import Glibc
import PipelineKit

/// Where the records are that a command is about.
struct RecordsArgument: ParsableArguments {
    @Argument(help: "The pipeline file (.yaml), or the file of its records (.sqlite).")
    var file: String

    /// Opens the records and does something with them.
    ///
    /// Calls of processes that are gone are marked as lost first, where the file may be written.
    func read(
        _ context: RunnerContext, _ body: (any CallStore) throws -> ExitStatus
    ) throws -> ExitStatus {
        let path = try path(context)
        guard access(path, F_OK) == 0 else {
            context.output.error("\(path): there are no records yet; check the path, or 'records:' of the pipeline")
            return .problems
        }
        do {
            let store = try SQLiteCallStore(path: path)
            defer { store.close() }
            _ = try? store.recoverLost()
            return try body(store)
        } catch let error as CallStoreError {
            context.output.error("runner: \(error)")
            return .failure
        }
    }

    private func path(_ context: RunnerContext) throws -> String {
        guard file.hasSuffix(".yaml") || file.hasSuffix(".yml") else { return file }
        var diagnostics = Diagnostics()
        let reader = PipelineReader(environment: context.environment, missingVariables: .warning)
        guard let document = reader.read(path: file, into: &diagnostics), !diagnostics.hasErrors else {
            context.output.error(diagnostics.rendered())
            throw ExitStatus.problems
        }
        guard document.records.store == .sqlite else {
            context.output.error(
                "\(file): keeps its records in memory; ask the server while it runs, with GET /calls/{id}")
            throw ExitStatus.problems
        }
        return document.recordsPath
    }
}

/// Which calls a command is about.
struct CallSelection: ParsableArguments {
    @Option(help: "Only calls from or to this number.")
    var number: String?

    @Option(help: "Only calls that are active, ended or lost.", transform: Self.state)
    var state: CallState?

    @Option(help: "Only calls that ended for this reason, such as hung_up.")
    var reason: String?

    @Option(help: ArgumentHelp("Only calls that began since then.", valueName: "24h|2026-11-21"))
    var since: String?

    /// What the options say.
    func filter(limit: Int) throws -> CallFilter {
        CallFilter(number: number, state: state, reason: reason, since: try since.map(Self.moment), limit: limit)
    }

    func validate() throws { _ = try since.map(Self.moment) }

    private static func state(_ text: String) throws -> CallState {
        if let state = CallState(rawValue: text) { return state }
        throw ValidationError("'\(text)' is no state; write active, ended or lost.")
    }

    /// A moment, or a duration before now.
    static func moment(_ text: String) throws -> WallTime {
        if let duration = Duration(parameterText: text) { return .now() - duration }
        if let time = WallTime(text) { return time }
        throw ValidationError("'\(text)' is no time; write 24h, 7d, 2026-11-21 or 2026-11-21T15:04:05Z.")
    }
}
