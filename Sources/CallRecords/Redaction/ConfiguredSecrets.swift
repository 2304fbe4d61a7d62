// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension PipelineDocument {
    /// The secrets that the file sets, of transports, processors and whoever takes their place, so that none of them is
    /// ever written.
    public func secrets(_ registry: ProcessorRegistry) -> [String] {
        let processors = entries.flatMap { entry in
            [(entry.name, entry.parameters)] + entry.alternatives.map { ($0.name, $0.parameters) }
        }
        let known =
            processors.map { (registry.processor($0.0)?.schema, $0.1) }
            + transports.map { (registry.transport($0.name)?.schema, $0.parameters) }
        return records.secrets.map(\.value)
            + known.flatMap { schema, node in Self.secrets(schema?.descriptions ?? [], node) }
    }

    private static func secrets(_ parameters: [ParameterDescription], _ node: YAMLNode?) -> [String] {
        parameters.flatMap { parameter -> [String] in
            guard let value = node?[parameter.key] else { return [] }
            if parameter.type.name.contains("secret") { return texts(value) }
            return secrets(parameter.type.members, value)
        }
    }

    private static func texts(_ node: YAMLNode) -> [String] {
        if let elements = node.sequence { return elements.flatMap(texts) }
        if let pairs = node.mapping { return pairs.flatMap { texts($0.value) } }
        return node.scalar.map { [$0.text] } ?? []
    }
}
