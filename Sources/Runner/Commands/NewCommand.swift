// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit

/// `runner new`.
struct NewCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes the beginning of a pipeline, or of a package with a processor of your own.",
        discussion: """
            Nothing that exists is overwritten.

              runner new pipeline front_desk          (front_desk.yaml, front_desk.rules.yaml)
              runner new plugin mood_detector         (a Swift package: processor, test, runner)
            """)

    /// What can be begun.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case pipeline, plugin
    }

    @Argument(help: "pipeline or plugin.")
    var kind: Kind

    @Argument(help: "The name, in snake_case.")
    var name: String

    @Option(help: ArgumentHelp("Directory to write to.", valueName: "dir"))
    var directory = "."

    @Option(help: ArgumentHelp("Where a plug-in's package finds this library.", valueName: "path-or-url"))
    var library = "../voice-pipeline"

    func validate() throws {
        let isName =
            name.first?.isLetter == true
            && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
        if !isName {
            throw ValidationError("\(name.shown) is no name; use small letters, digits and '_', a letter first.")
        }
    }

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let files: [ScaffoldFile]
        switch kind {
        case .pipeline: files = PipelineScaffold(name: name).files
        case .plugin: files = PluginScaffold(name: name, library: library).files
        }
        guard files.allSatisfy({ isFree($0, context.output) }) else { return .problems }
        for file in files {
            guard file.write(to: directory, context.output) else { return .failure }
            context.output.line("\(directory)/\(file.path)")
        }
        switch kind {
        case .pipeline: context.output.note("Next: runner test \(directory)/\(name).yaml")
        case .plugin: context.output.note("Next: cd \(directory)/\(name) && swift test")
        }
        return .good
    }

    private func isFree(_ file: ScaffoldFile, _ output: Output) -> Bool {
        guard file.exists(in: directory) else { return true }
        output.error("runner: \(directory)/\(file.path) exists already; choose another name or directory")
        return false
    }
}
