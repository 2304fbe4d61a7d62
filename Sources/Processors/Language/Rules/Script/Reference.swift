// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The name of an intent or of a question, and where it stands.
struct Reference: Sendable, Hashable {
    /// The name.
    var name: String
    /// Where it stands.
    var mark = SourceMark(file: "built-in")
}

extension Reference: ParameterValue {
    static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> Reference? {
        String.decode(node, in: nil, &decoder).map { Reference(name: $0, mark: node.mark) }
    }

    static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType("name", json: ["type": "string", "minLength": 1])
    }

    var encoded: JSONValue { .string(name) }
}
