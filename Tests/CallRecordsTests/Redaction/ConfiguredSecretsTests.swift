// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import CallRecords

@Suite struct ConfiguredSecretsTests {
    private struct Cloud: Processor {
        struct Parameters: ProcessorParameters {
            var key = Secret("")
            var keys: [Secret<String>] = []
            var region = "west"

            static let template = Self(key: Secret("k"))
            static let schema = ParameterSchema<Self>(
                .required("key", \.key, "The key."), .optional("keys", \.keys, "More keys."),
                .optional("region", \.region, "The region."))
        }

        static let name = "cloud"
        static let summary = "Needs a key."

        init(_ parameters: Parameters) {}
        mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    }

    @Test func findsWhatTheFileKeepsSecret() throws {
        let text = """
            pipeline: desk
            records: { secrets: ["from the section"] }
            processors:
              - caller:
              - cloud: { key: "${CLOUD_KEY}", keys: [a second one, a third one], region: east }
              - speaker:
                on_error: { failover: [cloud: { key: that of the spare }] }
            """
        var registry = ProcessorRegistry()
        registry.add(Cloud.self)
        var diagnostics = Diagnostics()
        let reader = PipelineReader(environment: ["CLOUD_KEY": "from the environment"])
        let document = try #require(reader.read(text, file: "desk.yaml", into: &diagnostics))
        #expect(diagnostics.isEmpty, "\(diagnostics.rendered())")
        #expect(
            document.secrets(registry) == [
                "from the section", "from the environment", "a second one", "a third one", "that of the spare",
            ])
    }
}
