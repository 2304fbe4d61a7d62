// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit
import Processors

/// `runner test FILE...`.
struct TestCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs the tests that pipeline files carry, on a virtual clock.",
        discussion: """
            A call of a minute takes as long as its computing, and always goes the same way. A test says what the caller \
            does and what must come of it:

              tests:
                - name: caller interrupts the greeting
                  steps:
                    - {at: 0ms, say: hello}
                    - {at: 900ms, play: fixtures/stop.wav}
                  expect:
                    - {event: interruption, within: 300ms}
                    - {frame: audio, on: speaker, absent_after: 1200ms}
                    - {transcript: how can I help, by: agent, count: 1}

            Steps: play, say, type, dtmf, hangup, wait; 'at' is when, by default after the step before. Expectations: \
            event, frame or transcript; 'within' counts from 'after', by default from the last step's beginning.

            Providers are never reached: doubles answer in their place, by what 'doubles:' says, and keys may be missing.

              doubles: {says: ["Good morning."], latency: 300ms, faults: [{status: 503}]}

              runner test pipelines/*.yaml
              runner test agent.yaml --filter interrupts --verbose
            """)

    @Argument(help: "The pipeline files.")
    var files: [String]

    @Option(help: "Run only tests whose name contains this.")
    var filter: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override a parameter, as in brain.temperature=0.2.", valueName: "id.key=value"))
    var overrides: [String] = []

    @Flag(help: "Print what was said.")
    var verbose = false

    @Flag(help: "Print one JSON object a test.")
    var json = false

    func run(in context: RunnerContext) async throws -> ExitStatus {
        var (passed, failed) = (0, 0)
        var hasProblems = false
        for file in files where !file.hasSuffix(".rules.yaml") {
            do {
                for test in try tests(file, context) {
                    let outcome = test.run()
                    if outcome.failures.isEmpty { passed += 1 } else { failed += 1 }
                    if json { context.output.json(outcome.json(file)) } else { show(outcome, context.output) }
                }
            } catch ExitStatus.problems {
                hasProblems = true
            }
        }
        context.output.note("\(passed) passed, \(failed) failed")
        return failed > 0 || hasProblems ? .problems : .good
    }

    private func tests(_ file: String, _ context: RunnerContext) throws -> [TestRun] {
        // No provider is reached, so that no key is needed. A test leaves nothing behind: what is recorded, and feeds nobody, is left out.
        let pipeline = try context.load(file, overrides: overrides, placeholder: "none") { document in
            let feeders = Set(document.entries.flatMap { $0.after.map(\.id) })
            document.entries.removeAll { $0.name == Recorder.name && !feeders.contains($0.id) }
        }
        var diagnostics = Diagnostics()
        let tests = PipelineTest.all(of: pipeline.document, into: &diagnostics)
        guard !diagnostics.hasErrors else {
            context.output.error(diagnostics.rendered())
            throw ExitStatus.problems
        }
        return tests.filter { filter.map($0.test.name.contains) ?? true }.map {
            TestRun(pipeline: pipeline, located: $0)
        }
    }

    private func show(_ outcome: TestRun.Outcome, _ output: Output) {
        let seconds = (outcome.duration.milliseconds / 1000).fixed(1)
        let mark = outcome.failures.isEmpty ? output.styled("ok    ", .green) : output.styled("FAILED", .red)
        output.line("\(mark) \(outcome.name) (\(seconds) s)")
        for failure in outcome.failures { output.line("\(failure)") }
        guard verbose || !outcome.failures.isEmpty else { return }
        for utterance in outcome.conversation {
            output.line("       \(utterance.time.shownClock)  \(utterance.speaker.rawValue): \(utterance.words)")
        }
    }
}

extension TestRun.Outcome {
    /// The outcome with `file`, `name`, `passed`, `duration_ms` and `failures`.
    func json(_ file: String) -> JSONValue {
        [
            "file": .string(file), "name": .string(name), "passed": .bool(failures.isEmpty),
            "duration_ms": duration.jsonMilliseconds, "failures": .array(failures.map(\.json)),
        ]
    }
}
