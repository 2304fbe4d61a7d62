// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@Suite struct ParameterSchemaTests {
    private let schema = ExampleParameters.erasedSchema

    @Test func findsNothingWrongWithGoodDeclarations() {
        #expect(schema.problems() == [])
        #expect(NoParameters.erasedSchema.problems() == [])
        #expect(SpeakerParameters.erasedSchema.problems() == [])
    }

    @Test func findsWhatIsWrongWithADeclaration() {
        struct Careless: ProcessorParameters {
            var level = 3.0
            var forgotten = 1
            var doubled: Double {
                get { level * 2 }
                set { level = newValue / 2 }
            }

            static let template = Self()
            static let schema = ParameterSchema<Self>(
                .optional("level", \.level, in: 0...1, "No period"),
                .optional("Doubled", \.doubled, "Twice."),
                .optional("level", \.level, "Again."))
        }
        let problems = Careless.erasedSchema.problems()
        #expect(
            Array(problems.prefix(6)) == [
                "the property 'forgotten' has no line in the schema",
                "the sentence of 'level' does not end in a period",
                "the default of 'level' lies outside its range",
                "'Doubled' does not belong to a stored property",
                "the key 'Doubled' is not snake_case",
                "the key 'level' occurs twice",
            ])
    }

    @Test func writesTheTemplateAsYAML() {
        #expect(
            schema.templateYAML == """
                name: front desk
                threshold_dbfs: -45
                retries: 3
                loud: false
                hangover: 200ms
                when_full: block
                api_key: "***"
                words: words.txt
                filter:
                  cutoff_hz: 300
                  enabled: true
                filters: []
                ratios: [0.5]
                labels: {}

                """)
    }

    @Test func describesParametersForPeople() {
        let texts = Dictionary(uniqueKeysWithValues: schema.descriptions.map { ($0.key, $0.text()) })
        #expect(texts["name"] == "name  text, required\n    What it is called.")
        #expect(
            texts["threshold_dbfs"]
                == "threshold_dbfs  number, -90...0, default -45\n    Level at or above which the gate opens.")
        #expect(
            texts["when_full"] == """
                when_full  one of block, drop_oldest, default block
                    What a full queue does.
                    block: the source waits
                    drop_oldest: drops the oldest audio; speech may lose its beginning
                """)
        #expect(
            texts["filter"] == """
                filter  mapping, default as in the template
                    The first filter.
                    cutoff_hz  integer, 20...20000, default 300
                        Frequency below which the filter attenuates.
                    enabled  true or false, default true
                        Whether the filter works.
                """)
        #expect(texts["retries"]?.hasPrefix("retries  integer, 1..., default 3\n") == true)
        #expect(texts["ratios"]?.hasPrefix("ratios  list of number, 0...1, default [0.5]\n") == true)
        #expect(texts["limit"]?.hasPrefix("limit  integer, 1...100, default none\n") == true)
    }

    @Test func givesEditorsAClosedSchema() {
        let json = schema.json
        #expect(json["additionalProperties"] == false)
        #expect(json["required"] == ["name"])
        let properties = json["properties"]
        #expect(
            properties?["threshold_dbfs"]?.description == #"""
                {"type":["number","string"],"pattern":"\\$\\{.+\\}","minimum":-90,"maximum":0,\#
                "description":"Level at or above which the gate opens.","default":-45}
                """#)
        #expect(properties?["retries"]?["type"] == ["integer", "string"])
        #expect(properties?["api_key"]?["default"] == nil)
        #expect(
            properties?["when_full"]?["anyOf"] == [
                ["const": "block", "description": "the source waits"],
                ["const": "drop_oldest", "description": "drops the oldest audio; speech may lose its beginning"],
                ["type": "string", "pattern": #"\$\{.+\}"#],
            ])
        #expect(properties?["filter"]?["additionalProperties"] == false)
        #expect(properties?["filters"]?["items"]?["properties"]?["cutoff_hz"]?["maximum"] == 20_000)
    }

    @Test func writesYAMLThatReadsBackTheSame() throws {
        let awkward = [
            "", " ", "yes", "true", "12", "~", "a: b", "#c", "- d", "'e'", "\"f\"", "g\nh", "ü", "${X}", "[i]", "*j",
            "k ", "\t", "null", "1e3", "...", "a\u{7F}b", "é😀", "%", "@", "a,b", "/tmp/x.wav", "x:", "---", ".", "a  b",
        ]
        let value: JSONValue = [
            "strings": .array(awkward.map { .string($0) }),
            "keys": .object(awkward.filter { !$0.isEmpty }.map { JSONValue.Member($0, [["a": 1, "b": [1, [2]]]]) }),
        ]
        var diagnostics = Diagnostics()
        let node = YAMLReader().read(YAMLWriter.text(value), file: "a.yaml", into: &diagnostics)
        #expect(diagnostics.all.map(\.description) == [])
        #expect(try #require(node).encoded == value)
    }
}
