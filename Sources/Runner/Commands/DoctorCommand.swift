// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit

/// `runner doctor`.
struct DoctorCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says what is installed on this machine, what is missing, and how to get it.",
        discussion: """
            Exits with 1 when something is missing without which the offline agent cannot work.

              runner doctor
              runner doctor --json | jq '.[] | select(.found | not)'
            """)

    @Flag(help: "Print one JSON array.")
    var json = false

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let findings = DoctorCheck.all(context.environment).map { $0.look() }
        if json {
            context.output.json(.array(findings.map(\.json)))
        } else {
            for finding in findings { context.output.line(text(finding, context.output)) }
        }
        return findings.contains { !$0.isFound && $0.check.isRequired } ? .problems : .good
    }

    private func text(_ finding: DoctorCheck.Finding, _ output: Output) -> String {
        let check = finding.check
        if let place = finding.place { return "\(output.styled("ok     ", .green)) \(check.name): \(place)" }
        let state = check.isRequired ? output.styled("missing", .red) : output.styled("absent ", .yellow)
        return "\(state) \(check.name): \(check.purpose)\n        \(check.remedy)"
    }
}
