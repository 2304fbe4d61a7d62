// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Processors
import Providers
import Synchronization
import Transports

@testable import Runner

/// Keeps what a command prints.
final class CapturedOutput: Sendable {
    private let texts = Mutex<[Int32: String]>([:])

    /// An output that prints into this.
    var output: Output {
        Output(isTerminal: false, usesColour: false) { channel, text in
            self.texts.withLock { $0[channel.rawValue, default: ""] += text }
        }
    }

    /// What went to standard output.
    var result: String { texts.withLock { $0[1] ?? "" } }
    /// What went to standard error.
    var report: String { texts.withLock { $0[2] ?? "" } }
    /// What went to standard output, line by line.
    var lines: [String] { result.split(separator: "\n").map(String.init) }
}

/// A command that was run inside the test's process.
struct CommandResult {
    var status: ExitStatus
    var printed: CapturedOutput

    /// Runs `runner` with arguments and the built-in processors.
    static func of(_ arguments: String..., environment: [String: String] = [:]) async -> CommandResult {
        await of(arguments: arguments, environment: environment)
    }

    /// Runs `runner` with arguments and the built-in processors.
    static func of(arguments: [String], environment: [String: String] = [:]) async -> CommandResult {
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addProviders()
        registry.addBuiltinTransports()
        let printed = CapturedOutput()
        let context = RunnerContext(registry: registry, output: printed.output, environment: environment)
        return CommandResult(status: await RunnerCommand.run(arguments, in: context), printed: printed)
    }
}
