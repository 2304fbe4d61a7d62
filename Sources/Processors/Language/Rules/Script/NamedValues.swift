// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Values by name in the order of the file, which decides where several fit.
struct NamedValues<Value: ParameterValue>: Sendable {
    /// A value and its name.
    struct Entry: Sendable {
        /// The name.
        var name: String
        /// Where the name stands.
        var mark: SourceMark
        /// The value.
        var value: Value
    }

    /// The entries in order; each name occurs once.
    var entries: [Entry] = []

    /// The names in order.
    var names: [String] { entries.map(\.name) }

    /// The value of a name.
    subscript(name: String) -> Value? { entries.first { $0.name == name }?.value }
}

extension NamedValues: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, Value)...) {
        entries = elements.map { Entry(name: $0, mark: SourceMark(file: "built-in"), value: $1) }
    }
}

extension NamedValues: ParameterValue {
    typealias Bound = Value.Bound

    static func decode(
        _ node: YAMLNode, in range: ParameterRange<Bound>?, _ decoder: inout ParameterDecoder
    ) -> NamedValues? {
        if node.isNull { return NamedValues() }
        guard let pairs = node.mapping else { return decoder.mismatch("a mapping of names", node) }
        let entries = pairs.compactMap { pair in
            decoder.key(pair.key) { Value.decode(pair.value, in: range, &$0) }
                .map { Entry(name: pair.key, mark: pair.keyMark, value: $0) }
        }
        guard entries.count == pairs.count else { return nil }
        var values = NamedValues()
        values.entries = entries
        return values
    }

    static func type(in range: ParameterRange<Bound>?) -> ParameterType {
        var type = Value.type(in: range)
        type.name = "mapping to \(type.name)"
        type.json = ["type": "object", "additionalProperties": type.json]
        return type
    }

    func isInside(_ range: ParameterRange<Bound>) -> Bool { entries.allSatisfy { $0.value.isInside(range) } }

    var encoded: JSONValue { .object(entries.map { JSONValue.Member($0.name, $0.value.encoded) }) }
}
