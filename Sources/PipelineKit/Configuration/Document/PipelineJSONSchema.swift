// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The JSON Schema (draft-07) of pipeline files, by which editors complete keys and show what they mean.
public enum PipelineJSONSchema {
    /// A processor, transport or plug-in kind as the schema shows it.
    public struct Named: Sendable {
        /// The name in pipeline files.
        public var name: String
        /// What it does, in one sentence.
        public var summary: String
        /// The JSON Schema of its parameters.
        public var parameters: JSONValue

        /// Creates a description.
        public init(name: String, summary: String, parameters: JSONValue) {
            self.name = name
            self.summary = summary
            self.parameters = parameters
        }
    }

    /// The schema of files that may name certain processors and transports.
    public static func schema(processors: [Named], transports: [Named]) -> JSONValue {
        [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Pipeline",
            "description": "A real-time voice pipeline: transports, limits and processors.",
            "type": "object",
            "properties": properties(transports),
            "additionalProperties": false,
            "definitions": [
                "id": ["type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"],
                "entry": entry(processors),
                "processors": .object(processors.map { JSONValue.Member($0.name, described($0)) }),
            ],
        ]
    }

    private static func properties(_ transports: [Named]) -> JSONValue {
        [
            "pipeline": ["description": "The pipeline's name.", "$ref": "#/definitions/id"],
            "transports": list(
                "How calls come; the processors are the same for all.",
                of: oneOf(.object(transports.map { JSONValue.Member($0.name, described($0)) }))),
            "limits": described(.limits),
            "processors": list(
                "The processors, linked top to bottom unless 'after' says otherwise.",
                of: ["$ref": "#/definitions/entry"]),
            "include": list("Files to read first; what is named again here replaces theirs.", of: ["type": "string"]),
            "plugins": list("Plug-ins that provide further processors.", of: ["type": "object"]),
            "tests": list("Tests that run in virtual time.", of: ["type": "object"]),
            "server": described(.server),
            "records": described(.records),
        ]
    }

    // A key beside the processor's name is one of four; so an entry of two names is refused by counting.
    private static func entry(_ processors: [Named]) -> JSONValue {
        let names = processors.map { processor in
            JSONValue.Member(processor.name, ["$ref": .string("#/definitions/processors/\(processor.name)")])
        }
        let beside: JSONValue = [
            "id": ["description": "The entry's id; by default the processor's name.", "$ref": "#/definitions/id"],
            "after": [
                "description": "Ids of the entries that feed this one; by default the entry above.",
                "anyOf": [["$ref": "#/definitions/id"], ["type": "array", "items": ["$ref": "#/definitions/id"]]],
            ],
            "queue": QueueParameters.schema.json.appending(["description": "The queue in front of the processor."]),
            "on_error": onError(names.map(\.value).isEmpty ? [:] : oneOf(.object(names))),
        ]
        let choices = processors.map { processor -> JSONValue in ["required": [.string(processor.name)]] }
        let entry: JSONValue = [
            "type": "object", "properties": JSONValue.object(names).appending(beside), "additionalProperties": false,
        ]
        return choices.isEmpty ? entry : entry.appending(["oneOf": .array(choices)])
    }

    private static func onError(_ alternative: JSONValue) -> JSONValue {
        [
            "description": "What happens when the processor fails.",
            "anyOf": [
                ["const": "continue", "description": "The frame is lost, the processor goes on."],
                [
                    "const": "restart",
                    "description": "A fresh processor takes over; too many failures end the session.",
                ],
                ["const": "end", "description": "The session ends."],
                oneOf(["restart": RestartParameters.schema.json]),
                failover(alternative),
            ],
        ]
    }

    private static func failover(_ alternative: JSONValue) -> JSONValue {
        [
            "type": "object", "additionalProperties": false, "required": ["failover"],
            "properties": [
                "failover": list("What takes the processor's place, in order.", of: alternative),
                "answer_within": [
                    "description":
                        "Time after which a request that nothing came of is given to the next one, such as 1.5s.",
                    "type": "string",
                ],
            ],
        ]
    }

    /// An object of exactly one of some properties.
    private static func oneOf(_ properties: JSONValue) -> JSONValue {
        [
            "type": "object", "properties": properties, "additionalProperties": false, "minProperties": 1,
            "maxProperties": 1,
        ]
    }

    private static func list(_ description: String, of items: JSONValue) -> JSONValue {
        ["description": .string(description), "type": "array", "items": items]
    }

    private static func described(_ section: PipelineSection) -> JSONValue {
        section.schema.json.appending(["description": .string(section.summary)])
    }

    private static func described(_ named: Named) -> JSONValue {
        named.parameters.appending(["description": .string(named.summary)])
    }
}

extension ProcessorRegistry {
    /// The JSON Schema of pipeline files that name what is registered here.
    public var pipelineJSONSchema: JSONValue {
        PipelineJSONSchema.schema(
            processors: processors.map { .init(name: $0.name, summary: $0.summary, parameters: $0.schema.json) },
            transports: transports.map { .init(name: $0.name, summary: $0.summary, parameters: $0.schema.json) })
    }
}
