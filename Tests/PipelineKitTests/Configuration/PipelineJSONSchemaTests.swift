// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

/// What editors say of pipeline files by the schema agrees with what the checks say.
@Suite struct PipelineJSONSchemaTests {
    private let schema = JSONSchemaChecker(DeskProcessors.registry.pipelineJSONSchema)

    private func isValid(_ text: String) throws -> Bool {
        var diagnostics = Diagnostics()
        let node = try #require(YAMLReader().read(text, file: "a.yaml", into: &diagnostics))
        #expect(diagnostics.isEmpty)
        return try schema.accepts(node.encoded)
    }

    @Test func acceptsAFullPipeline() throws {
        #expect(
            try isValid(
                """
                pipeline: desk
                include: [base.yaml]
                transports:
                  - phone: {port: 5061}
                limits: {sessions: 7, idle: 30s, drain: "${DRAIN}"}
                processors:
                  - caller:
                  - gate: {hangover: 1.5s, threshold_dbfs: "${LEVEL}"}
                    queue: {capacity: 9, when_full: drop_oldest}
                  - think: {prompt: Hello., temperature: 1, tokens: 5, strict: true, style: terse, words: [a, b]}
                    id: brain
                    after: gate
                    on_error: {restart: {attempts: 2, within: 10s}}
                  - talk: {}
                    on_error: {failover: [{talk: {}}]}
                  - speaker:
                    after: [brain, talk]
                    on_error: continue
                tests: [{name: greets}]
                plugins: [{shout: {command: [a]}}]
                """))
    }

    @Test(arguments: [
        "pipelin: a", "pipeline: a b", "limits: {idle: 60}", "limits: {sesions: 1}", "limits: {sessions: 0}",
        "transports: {phone: {}}", "transports: [phone]", "transports: [{phone: {}, id: a}]",
        "transports: [{phone: {port: 70000}}]", "transports: [{phne: {}}]", "processors: {caller: }",
        "processors: [caller]", "processors: [{gat: {}}]", "processors: [{gate: {}, caller: }]",
        "processors: [{id: a}]", "processors: [{gate: {hangover: 200}}]", "processors: [{gate: {hangover: 200msec}}]",
        "processors: [{gate: {threshold_dbfs: 12}}]", "processors: [{gate: {threshold_dbfs: loud}}]",
        "processors: [{gate: {hangovr: 1s}}]", "processors: [{think: }]", "processors: [{think: {}}]",
        "processors: [{think: {prompt: 12}}]", "processors: [{think: {prompt: a, tokens: 1.5}}]",
        "processors: [{think: {prompt: a, style: frendly}}]", "processors: [{think: {prompt: a, words: b}}]",
        "processors: [{gate: , after: {a: b}}]", "processors: [{gate: , queue: {capacity: 0}}]",
        "processors: [{gate: , queue: 9}]", "processors: [{gate: , on_error: contine}]",
        "processors: [{gate: , on_error: {restart: {attempts: 0}}}]", "processors: [{gate: , afer: caller}]",
    ])
    func refusesWhatTheChecksRefuse(text: String) throws {
        #expect(try !isValid(text))
    }

    @Test func showsSentencesAndDefaults() {
        let processors = schema.root["definitions"]?["processors"]
        #expect(processors?["gate"]?["description"] == "Passes loud audio.")
        #expect(processors?["gate"]?["properties"]?["hangover"]?["default"] == "200ms")
        #expect(processors?["think"]?["properties"]?["prompt"]?["description"] == "What the model is told.")
    }
}
