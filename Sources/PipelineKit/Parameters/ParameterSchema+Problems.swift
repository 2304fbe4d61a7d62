// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension ParameterSchema {
    /// What is wrong with the declaration itself, one sentence each; for the conformance suite.
    ///
    /// Every stored property has a line, and every line a stored property; keys are snake_case and occur once;
    /// sentences end in a period; defaults lie in range; the template survives being written as YAML and read again;
    /// an unknown key is refused.
    func problems() -> [String] {
        propertyProblems() + lines.flatMap(problems) + duplicateKeys() + templateProblems() + unknownKeyProblems()
    }

    private func propertyProblems() -> [String] {
        let stored = Mirror(reflecting: Root.template).children.compactMap(\.label)
        let described = Set(lines.map { Self.propertyName($0.property) })
        return stored.filter { !described.contains($0) }.map { "the property '\($0)' has no line in the schema" }
    }

    private func problems(_ line: ParameterLine<Root>) -> [String] {
        var problems: [String] = []
        if MemoryLayout<Root>.offset(of: line.property) == nil {
            problems.append("'\(line.key)' does not belong to a stored property")
        }
        if line.key.isEmpty || !line.key.allSatisfy({ $0 == "_" || $0.isASCII && ($0.isLowercase || $0.isNumber) }) {
            problems.append("the key '\(line.key)' is not snake_case")
        }
        if !line.sentence.hasSuffix(".") { problems.append("the sentence of '\(line.key)' does not end in a period") }
        if !line.isInRange(.template) { problems.append("the default of '\(line.key)' lies outside its range") }
        return problems
    }

    private func duplicateKeys() -> [String] {
        Dictionary(grouping: lines, by: \.key).filter { $0.value.count > 1 }.keys.sorted()
            .map { "the key '\($0)' occurs twice" }
    }

    private func templateProblems() -> [String] {
        var diagnostics = Diagnostics()
        let written = encode(.template)
        let mark = SourceMark(file: "template")
        let text = YAMLWriter.text(written)
        let node = text.isEmpty ? nil : YAMLReader().read(text, file: "template", into: &diagnostics)
        let read = Root.decode(node, path: "", at: mark, into: &diagnostics)
        if let read, encode(read) != written { return ["the template reads back as something else:\n\(text)"] }
        // A warning, such as one of an example's file that is not there, does not keep it from being read.
        return diagnostics.all.filter { $0.severity == .error }.map { "the template cannot be read back: \($0)" }
    }

    private func unknownKeyProblems() -> [String] {
        var diagnostics = Diagnostics()
        let mark = SourceMark(file: "template")
        let value = YAMLNode(.scalar(YAMLScalar("1")), at: mark)
        let pair = YAMLPair(key: "no parameter has this key", keyMark: mark, value: value)
        let parameters = Root.decode(YAMLNode(.mapping([pair]), at: mark), path: "", at: mark, into: &diagnostics)
        return parameters == nil ? [] : ["an unknown key is accepted"]
    }

    // A key path describes itself as `\Root.property`, or as `\Root.property.part`.
    private static func propertyName(_ property: PartialKeyPath<Root>) -> String {
        String("\(property)".split(separator: ".").dropFirst().first ?? "")
    }
}
