// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A tool, or a source of tools, with its parameters.
public enum ConfiguredTool: Sendable {
    /// One function.
    case tool(any Tool)
    /// Functions that are known later.
    case source(any ToolSource)
}

/// What is known of a tool, or of a source of tools, without making one.
public struct ToolDescriptor: Sendable {
    /// The name in pipeline files.
    public let name: String
    /// What it does.
    public let summary: String
    /// Its parameters.
    public let schema: AnyParameterSchema
    let configure: @Sendable (YAMLNode?, String, SourceMark, inout Diagnostics) -> ConfiguredTool?

    init<T: Tool>(_ type: T.Type) {
        self.init(name: T.name, summary: T.summary) { (parameters: T.Parameters) in .tool(try T(parameters)) }
    }

    init<S: ToolSource>(_ type: S.Type) {
        self.init(name: S.name, summary: S.summary) { (parameters: S.Parameters) in .source(try S(parameters)) }
    }

    private init<Parameters: ProcessorParameters>(
        name: String, summary: String,
        make: @escaping @Sendable (Parameters) throws -> ConfiguredTool
    ) {
        self.name = name
        self.summary = summary
        schema = Parameters.erasedSchema
        configure = { node, path, mark, diagnostics in
            guard let parameters = Parameters.decode(node, path: path, at: mark, into: &diagnostics) else { return nil }
            do {
                return try make(parameters)
            } catch {
                diagnostics.error((error as? PipelineError)?.message ?? "\(error)", at: mark, path: path)
                return nil
            }
        }
    }
}

/// A tool as a pipeline file names it: `end_call`, or `http: {...}`.
public struct ToolEntry: Sendable {
    /// The name.
    public let name: String
    /// Where it stands.
    public let mark: SourceMark
    private let node: YAMLNode?

    /// Names a tool that needs no parameters.
    public init(_ name: String) {
        self.name = name
        mark = SourceMark(file: "built-in")
        node = nil
    }

    private init(name: String, mark: SourceMark, node: YAMLNode?) {
        self.name = name
        self.mark = mark
        self.node = node
    }

    /// Makes the tool; what is wrong is reported.
    func configured(
        by known: [String: ToolDescriptor], path: String, into diagnostics: inout Diagnostics
    ) -> ConfiguredTool? {
        guard let descriptor = known[name] else {
            let remedy = Suggestion.remedy(for: name, among: known.keys.sorted())
            diagnostics.error("no tool is called \(name.shown)\(remedy)", at: mark, path: path)
            return nil
        }
        return descriptor.configure(node, "\(path).\(name)", mark, &diagnostics)
    }
}

extension ToolEntry: ParameterValue {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> ToolEntry? {
        if let scalar = node.scalar, !node.isNull { return ToolEntry(name: scalar.text, mark: node.mark, node: nil) }
        guard let pair = node.mapping?.first, node.mapping?.count == 1 else {
            return decoder.mismatch("the name of a tool, or the name with its parameters", node)
        }
        return ToolEntry(name: pair.key, mark: pair.keyMark, node: pair.value)
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType(
            "tool",
            json: [
                "anyOf": [["type": "string"], ["type": "object", "minProperties": 1, "maxProperties": 1]]
            ])
    }

    /// The name only: the parameters may hold secrets, which their own types know.
    public var encoded: JSONValue { .string(name) }
}
