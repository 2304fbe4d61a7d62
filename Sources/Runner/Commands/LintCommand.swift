// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit

/// `runner lint FILE...`.
struct LintCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Finds everything that is wrong with pipeline files, without running them.",
        discussion: """
            Checks syntax, names, parameters, the links between processors and the tests that a file carries. Variables \
            of the environment that are missing here are warnings. Files that end in .rules.yaml are checked where a \
            pipeline uses them. Exits with 1 when there is an error.

              runner lint pipelines/*.yaml
              runner lint agent.yaml --json | jq '.[].message'
            """)

    @Argument(help: "The pipeline files.")
    var files: [String]

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override a parameter, as in brain.temperature=0.2.", valueName: "id.key=value"))
    var overrides: [String] = []

    @Flag(help: "Take warnings for errors.")
    var strict = false

    @Flag(help: "Print one JSON array.")
    var json = false

    func run(in context: RunnerContext) async throws -> ExitStatus {
        var diagnostics = Diagnostics()
        let pipelines = files.filter { !$0.hasSuffix(".rules.yaml") }
        for file in pipelines { lint(file, context, &diagnostics) }
        if json {
            context.output.json(diagnostics.json)
        } else {
            context.output.write(diagnostics.rendered())
            context.output.note(summary(diagnostics, pipelines.count))
        }
        return diagnostics.hasErrors || (strict && !diagnostics.isEmpty) ? .problems : .good
    }

    private func lint(_ file: String, _ context: RunnerContext, _ diagnostics: inout Diagnostics) {
        let reader = PipelineReader(environment: context.environment, overrides: overrides, missingVariables: .warning)
        guard let document = reader.read(path: file, into: &diagnostics) else { return }
        _ = Pipeline.load(document, registry: context.registry, into: &diagnostics)
        _ = PipelineTest.all(of: document, into: &diagnostics)
    }

    private func summary(_ diagnostics: Diagnostics, _ count: Int) -> String {
        let files = count == 1 ? "1 file" : "\(count) files"
        guard !diagnostics.isEmpty else { return "\(files), no problems" }
        let errors = diagnostics.errorCount == 1 ? "1 error" : "\(diagnostics.errorCount) errors"
        let warnings = diagnostics.warningCount == 1 ? "1 warning" : "\(diagnostics.warningCount) warnings"
        return "\(files), \(errors), \(warnings)"
    }
}
