// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Processors
import Testing

@testable import Runner

@Suite struct SimulateCommandTests {
    @Test(arguments: [
        (["desk.yaml"], "give one caller"),
        (["desk.yaml", "--say", "hello", "--input", "caller.wav"], "give one caller"),
        (["desk.yaml", "--input", "caller.wav", "--dialect", "twiml"], "carries words"),
        (["desk.yaml", "--say", "hello", "--dialect", "pigeon"], "media_streams"),
    ])
    func saysWhatIsWrongWithItsArguments(_ arguments: [String], _ message: String) async {
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        let printed = CapturedOutput()
        let context = RunnerContext(registry: registry, output: printed.output, environment: [:])
        #expect(await RunnerCommand.run(["simulate"] + arguments, in: context) == .usage)
        #expect(printed.report.contains(message), "\(printed.report)")
    }

    @Test func saysWhereAScriptIsWrong() async throws {
        let directory = try TemporaryDirectory()
        let script = try directory.write(
            """
            steps:
              - {say: hello, press: "1"}
              - {at: 1s, over: 2s, hangup: true}
              - {sya: hello}
            """, to: "caller.yaml")
        let result = await CommandResult.of("simulate", "desk.yaml", "--caller", script)
        #expect(result.status == .problems)
        #expect(result.printed.report.contains("caller.yaml:2:"))
        #expect(result.printed.report.contains("this one does 2"))
        #expect(result.printed.report.contains("a step waits for one thing"))
        #expect(result.printed.report.contains("did you mean 'say'?"))
    }

    @Test func namesARecordingThatIsMissing() async {
        let result = await CommandResult.of("simulate", "desk.yaml", "--input", "/no/such/caller.wav")
        #expect(result.status == .problems)
        #expect(result.printed.report.contains("/no/such/caller.wav: no such file"))
    }
}
