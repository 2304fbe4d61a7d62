// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CallRecords
import Glibc
import PipelineKit

/// What a command works with; nothing else reaches outside.
struct RunnerContext: Sendable {
    /// What pipeline files may name.
    var registry: ProcessorRegistry
    /// Where everything is printed.
    var output: Output
    /// The environment's variables.
    var environment: [String: String]
    /// Where the parts of the process log.
    var log = ProcessLog.shared

    /// This context, with the secrets of a pipeline hidden in what is printed and logged.
    func hidingSecrets(of pipeline: Pipeline) -> RunnerContext {
        let secrets = pipeline.document.secrets(registry)
        log.hide(secrets)
        var context = self
        context.output = output.hiding(secrets)
        return context
    }
}

/// The environment of this process.
enum ProcessEnvironment {
    /// All variables.
    static var variables: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}
