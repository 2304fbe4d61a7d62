// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A parameter schema without its type: what a registry holds and the command line shows.
public struct AnyParameterSchema: Sendable {
    /// The parameters in the order of the schema.
    public let descriptions: [ParameterDescription]
    /// The JSON Schema (draft-07) of the mapping: closed, with defaults and sentences.
    public let json: JSONValue
    /// The template as a pipeline file writes it.
    public let template: JSONValue
    private let decodeNode: @Sendable (YAMLNode?, String, SourceMark, inout Diagnostics) -> (any ProcessorParameters)?
    private let findProblems: @Sendable () -> [String]

    /// Erases a schema.
    init<Parameters: ProcessorParameters>(_ type: Parameters.Type) {
        descriptions = Parameters.schema.descriptions
        json = Parameters.schema.json
        template = Parameters.schema.encode(.template)
        decodeNode = { Parameters.decode($0, path: $1, at: $2, into: &$3) }
        findProblems = { Parameters.schema.problems() }
    }

    /// Reads parameters, see ``ProcessorParameters/decode(_:path:at:into:)``.
    public func decode(
        _ node: YAMLNode?, path: String, at mark: SourceMark, into diagnostics: inout Diagnostics
    ) -> (any ProcessorParameters)? {
        decodeNode(node, path, mark, &diagnostics)
    }

    /// The template as YAML, ready to be put into a pipeline file; empty if there are no parameters.
    public var templateYAML: String { YAMLWriter.text(template) }

    /// What is wrong with the declaration itself, for the conformance suite; empty if nothing is.
    public func problems() -> [String] { findProblems() }
}
