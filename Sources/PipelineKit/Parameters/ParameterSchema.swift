// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// All parameters of a type, declared once; from it come decoding, documentation, JSON Schema and the template.
public struct ParameterSchema<Root: ProcessorParameters>: Sendable {
    /// The parameters in the order of documentation.
    let lines: [ParameterLine<Root>]

    /// Declares the parameters, in the order in which documentation shows them.
    public init(_ lines: ParameterLine<Root>...) {
        self.lines = lines
    }
}

extension ParameterSchema {
    /// Reads parameters.
    ///
    /// - Parameters:
    ///   - node: The mapping; `nil` or a node without value if there is none.
    ///   - mark: What to blame for a missing parameter.
    /// - Returns: The parameters, or `nil` if there was an error; all errors have been reported.
    func decode(_ node: YAMLNode?, at mark: SourceMark, _ decoder: inout ParameterDecoder) -> Root? {
        let errorsBefore = decoder.diagnostics.errorCount
        guard let pairs = pairs(node, &decoder) else { return nil }
        var root = Root.template
        for pair in pairs.prefix(lines.count + Suggestion.mostSuggestions) { decode(pair, into: &root, &decoder) }
        reportMissing(pairs, mark, &decoder)
        guard decoder.diagnostics.errorCount == errorsBefore else { return nil }
        let marks = Dictionary(pairs.map { ($0.key, $0.value.mark) }) { first, _ in first }
        var issues = ParameterIssues(marks: marks, mark: mark, path: decoder.path)
        root.validate(into: &issues)
        decoder.merge(issues.diagnostics)
        return issues.diagnostics.hasErrors ? nil : root
    }

    /// The parameters as a pipeline file writes them, in the order of the schema; optional values without content are
    /// left out.
    func encode(_ root: Root) -> JSONValue {
        let members = lines.map { JSONValue.Member($0.key, $0.encode(root)) }
        return .object(members.filter { $0.value != .null })
    }

    /// What of the parameters must never be read, in the order of the schema.
    func secrets(of root: Root) -> [String] { lines.flatMap { $0.secrets(root) } }

    private func pairs(_ node: YAMLNode?, _ decoder: inout ParameterDecoder) -> [YAMLPair]? {
        guard let node, !node.isNull else { return [] }
        return node.mapping ?? decoder.mismatch("parameters as 'key: value'", node)
    }

    private func decode(_ pair: YAMLPair, into root: inout Root, _ decoder: inout ParameterDecoder) {
        decoder.key(pair.key) { decoder in
            if let line = lines.first(where: { $0.key == pair.key }) {
                line.decode(pair.value, &root, &decoder)
            } else {
                decoder.error("unknown parameter\(remedy(pair.key))", at: pair.keyMark)
            }
        }
    }

    private func remedy(_ key: String) -> String {
        if lines.isEmpty { return "; there are none here" }
        return Suggestion.remedy(for: key, among: lines.map(\.key), listing: true)
    }

    private func reportMissing(_ pairs: [YAMLPair], _ mark: SourceMark, _ decoder: inout ParameterDecoder) {
        for line in lines where line.isRequired && !pairs.contains(where: { $0.key == line.key }) {
            let example: JSONValue = .object([JSONValue.Member(line.key, line.encode(Root.template))])
            let text = YAMLWriter.line(example)
            decoder.key(line.key) { decoder in
                decoder.error("required but missing\(text.map { "; add '\($0)'" } ?? "")", at: mark)
            }
        }
    }
}
