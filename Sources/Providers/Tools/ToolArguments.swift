// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The arguments of a tool as a pipeline file describes them: JSON Schema of an object.
struct ToolArguments: ParameterValue {
    /// The schema.
    var schema: JSONValue = ["type": "object", "properties": [:]]

    static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> ToolArguments? {
        if node.isNull { return ToolArguments() }
        let schema = node.encoded
        guard case .object = schema, schema["type"] == "object" else {
            return decoder.mismatch(
                "JSON Schema of an object", remedy: "; write {type: object, properties: {...}}", node)
        }
        return ToolArguments(schema: schema)
    }

    static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType(
            "JSON Schema",
            json: ["type": "object", "properties": ["type": ["const": "object"]], "required": ["type"]])
    }

    var encoded: JSONValue { schema }

    /// The names of the arguments.
    var names: [String] {
        guard case .object(let members) = schema["properties"] else { return [] }
        return members.map(\.key)
    }
}

extension ParameterIssues {
    /// Checks what the adapters of tools have in common.
    mutating func checkTool(
        name: String, _ effect: ToolPolicy.Effect, _ onInterruption: ToolPolicy.OnInterruption
    ) {
        let isName =
            !name.isEmpty && name.utf8.count <= 64
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        if !isName {
            error("name", "is no name for a tool; use at most 64 letters, digits, '_' and '-'")
        }
        if effect == .write, onInterruption == .cancel {
            error(
                "on_interruption", "what writes and has begun is finished; remove it, or set 'effect: read'"
            )
        }
    }
}
