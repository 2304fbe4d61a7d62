// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import CallRecords

@Suite struct ConfiguredSecretsTests {
    private struct Spare: ParameterGroup {
        var name = "spare"
        var key: Secret<String>?

        static let template = Self()
        static let schema = ParameterSchema<Self>(
            .optional("name", \.name, "The name."), .optional("key", \.key, "The key."))
    }

    private struct Cloud: Processor {
        struct Parameters: ProcessorParameters {
            var key = Secret("")
            var keys: [Secret<String>] = []
            var spares: [Spare] = []
            var region = "west"

            static let template = Self(key: Secret("k"))
            static let schema = ParameterSchema<Self>(
                .required("key", \.key, "The key."), .optional("keys", \.keys, "More keys."),
                .optional("spares", \.spares, "Other clouds."), .optional("region", \.region, "The region."))
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
            server: { api_keys: ["${API_KEY}", the key that comes after it] }
            processors:
              - caller:
              - cloud:
                  key: "${CLOUD_KEY}"
                  keys: [a second one, a third one]
                  spares: [{ name: first }, { key: one in a list of mappings }]
                  region: east
              - speaker:
                on_error: { failover: [cloud: { key: that of the spare }] }
            """
        var registry = ProcessorRegistry()
        registry.add(Cloud.self)
        var diagnostics = Diagnostics()
        let reader = PipelineReader(environment: [
            "CLOUD_KEY": "from the environment", "API_KEY": "a key of the server",
        ])
        let document = try #require(reader.read(text, file: "desk.yaml", into: &diagnostics))
        #expect(diagnostics.isEmpty, "\(diagnostics.rendered())")
        #expect(
            document.secrets(registry) == [
                "a key of the server", "the key that comes after it", "from the section", "from the environment",
                "a second one", "a third one", "one in a list of mappings", "that of the spare",
            ])
    }
}
