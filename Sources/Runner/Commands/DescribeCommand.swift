// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit

/// `runner describe NAME...`.
struct DescribeCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Explains processors, transports and sections: frames, parameters, an example.",
        discussion: """
              runner describe energy_vad
              runner describe --all --markdown > docs/reference.md
            """)

    @Argument(help: "Names of processors, of transports, or of sections such as server.")
    var names: [String] = []

    @Flag(help: "Describe everything.")
    var all = false

    @Flag(help: "Print Markdown.")
    var markdown = false

    @Flag(help: "Print one JSON array.")
    var json = false

    func validate() throws {
        if names.isEmpty, !all { throw ValidationError("Name a processor or a transport; 'runner list' has them all.") }
    }

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let registry = context.registry
        let known =
            registry.processors.map(Description.init) + registry.transports.map(Description.init)
            + PipelineSection.all.map(Description.init)
        var found: [Description] = all ? known : []
        var status = ExitStatus.good
        for name in names {
            let matches = known.filter { $0.name == name }
            found += matches
            guard matches.isEmpty else { continue }
            let remedy = Suggestion.remedy(for: name, among: known.map(\.name))
            context.output.error("runner: nothing is called '\(name)'\(remedy)")
            status = .problems
        }
        if json { context.output.json(.array(found.map(\.json))) } else { printText(found, context.output) }
        return status
    }

    private static let referenceHeading = """
        # YAML reference

        Written by `make generate` from the schemas of the processors, the transports and the sections of pipeline files;
        `runner describe NAME` prints the same.

        """

    private func printText(_ found: [Description], _ output: Output) {
        if markdown, all { output.line(Self.referenceHeading) }
        output.write(found.map { markdown ? $0.markdown : $0.text(output) }.joined(separator: "\n"))
    }
}
