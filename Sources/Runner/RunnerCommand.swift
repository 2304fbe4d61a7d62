// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A command below `runner`.
protocol RunnerSubcommand: ParsableCommand, Sendable {
    /// Does the work. Prints through `context.output` alone.
    func run(in context: RunnerContext) async throws -> ExitStatus
}

/// The command `runner`.
struct RunnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runner",
        abstract: "Runs voice agents that are described in pipeline files.",
        discussion: """
            A first call, with a recording as the caller:

              runner run pipelines/front_desk.yaml --input caller.wav

            What may stand in a pipeline file, and whether one is right:

              runner list
              runner describe energy_vad
              runner lint pipelines/*.yaml

            Exit codes: 0 good, 1 problems in the input, 2 wrong usage, 3 failure while running.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Call",
                subcommands: [
                    RunCommand.self, CallCommand.self, CallsCommand.self, SimulateCommand.self, CarrierCommand.self,
                    MeasureCommand.self,
                ]),
            CommandGroup(
                name: "Pipeline",
                subcommands: [
                    LintCommand.self, TestCommand.self, GraphCommand.self, NewCommand.self, ListCommand.self,
                    DescribeCommand.self, SchemaCommand.self,
                ]),
            CommandGroup(name: "Machine", subcommands: [BenchCommand.self, DoctorCommand.self]),
        ]
    )

    /// Parses the arguments, runs the command and returns its exit code.
    ///
    /// Nothing is thrown: what goes wrong is printed.
    static func run(_ arguments: [String], in context: RunnerContext) async -> ExitStatus {
        do {
            var command = try parseAsRoot(arguments)
            if let subcommand = command as? any RunnerSubcommand { return try await subcommand.run(in: context) }
            // The command 'help', or no command at all: both throw the text that is wanted.
            try command.run()
            return .good
        } catch let status as ExitStatus {
            return status
        } catch {
            return report(error, context.output)
        }
    }

    private static func report(_ error: any Error, _ output: Output) -> ExitStatus {
        switch exitCode(for: error) {
        case .success:
            output.write(fullMessage(for: error) + "\n")
            return .good
        case .validationFailure:
            output.error(fullMessage(for: error))
            return .usage
        default:
            output.error("runner: \(error)")
            return .failure
        }
    }
}
