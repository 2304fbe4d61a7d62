// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
public import PipelineKit
import Processors
import Providers
import Transports

/// Runs the command line and ends the process with its exit code: 0 good, 1 problems in the input, 2 wrong usage,
/// 3 failure while running.
///
/// A runner with processors of one's own is an executable of five lines:
///
///     import Moods
///     import Runner
///
///     await runnerMain { $0.add(MoodDetector.self) }
///
/// - Parameter register: Adds processors and transports to the built-in ones.
public func runnerMain(_ register: (inout ProcessorRegistry) -> Void = { _ in }) async -> Never {
    signal(SIGPIPE, SIG_IGN)
    // A file that reaches `ulimit -f` is an error to whoever writes it, like a full disk, not the end of all calls.
    signal(SIGXFSZ, SIG_IGN)
    ProcessLog.shared.install()
    var registry = ProcessorRegistry()
    registry.addBuiltinProcessors()
    registry.addProviders()
    registry.addBuiltinTransports()
    register(&registry)
    let context = RunnerContext(registry: registry, output: .standard, environment: ProcessEnvironment.variables)
    let status = await RunnerCommand.run(Array(CommandLine.arguments.dropFirst()), in: context)
    exit(status.rawValue)
}
