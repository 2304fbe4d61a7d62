// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Parameters inside a parameter: a mapping with a schema of its own.
public protocol ParameterGroup: ProcessorParameters, ParameterValue where Bound == Never {}

extension ParameterGroup {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> Self? {
        schema.decode(node, at: node.mark, &decoder)
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType("mapping", members: schema.descriptions, json: schema.json)
    }

    public var encoded: JSONValue { Self.schema.encode(self) }
    public var secretValues: [String] { Self.schema.secrets(of: self) }
}
