// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import PipelineKit
import Processors

/// `runner schema`.
struct SchemaCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of pipeline or rules files, by which editors complete and check them.",
        discussion: """
            A pipeline file names it on its first line:

              # yaml-language-server: $schema=pipeline.schema.json

              runner schema --output pipelines/pipeline.schema.json
              runner schema --rules --output pipelines/rules.schema.json
            """)

    @Option(help: "File to write instead of standard output.")
    var output: String?

    @Flag(help: "The schema of the files that 'rules_llm' reads.")
    var rules = false

    func run(in context: RunnerContext) async throws -> ExitStatus {
        let text = (rules ? RulesScript.jsonSchema : context.registry.completeJSONSchema).pretty
        guard let output else {
            context.output.write(text)
            return .good
        }
        return TextFile.write(text, to: output, context.output) ? .good : .problems
    }
}

/// Whole files of text.
enum TextFile {
    /// Writes a file; says why where that fails.
    static func write(_ text: String, to path: String, _ output: Output) -> Bool {
        guard let file = fopen(path, "w") else {
            output.error("runner: \(path): cannot be written: \(String(cString: strerror(errno)))")
            return false
        }
        let isWritten = fputs(text, file) >= 0
        return fclose(file) == 0 && isWritten
    }
}
