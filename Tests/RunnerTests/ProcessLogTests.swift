// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CallRecords
import Logging
import PipelineKit
import PipelineTesting
import Processors
import Testing
import Transports

@testable import Runner

@Suite struct ProcessLogTests {
    private let printed = CapturedOutput()

    private func log() -> ProcessLog {
        ProcessLog(printed.output) { WallTime(milliseconds: 1_795_273_445_123) }
    }

    @Test func writesOneLineWithMetadataInOrder() {
        let log = log()
        var logger = Logger(label: "server") { ProcessLogHandler($0, log) }
        logger[metadataKey: "port"] = "8080"
        logger.debug("nobody asked for this")
        logger.error(
            "a route failed\nto answer", metadata: ["error": "no \u{1B}[2Jdisk", "pii.text": "my name is Ada"])
        let line = "error server: a route failed to answer (error: no  [2Jdisk, port: 8080)"
        #expect(printed.report == "2026-11-21T15:04:05.123Z \(line)\n")
    }

    @Test func hidesTheSecretsOfThePipeline() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            "server: { api_keys: ['${API_KEY}', 'with \"quotes\" and more of it'] }\n" + vadOnly, to: "ears.yaml")
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addBuiltinTransports()
        let before = RunnerContext(
            registry: registry, output: printed.output, environment: ["API_KEY": "0123456789abcdef"], log: log())
        let context = before.hidingSecrets(of: try before.load(path))
        Logger(label: "any") { ProcessLogHandler($0, context.log) }.warning(
            "0123456789abcdef", metadata: ["key": "0123456789abcdef!"])
        #expect(printed.report == "2026-11-21T15:04:05.123Z warning any: *** (key: ***!)\n")
        context.output.line("key=0123456789abcdef")
        context.output.json(["a": "0123456789abcdef", "b": "with \"quotes\" and more of it"])
        #expect(printed.lines == ["key=***", #"{"a":"***","b":"***"}"#])
    }
}
