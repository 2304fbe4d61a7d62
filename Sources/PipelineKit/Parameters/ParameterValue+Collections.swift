// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension Optional: ParameterValue where Wrapped: ParameterValue {
    public typealias Bound = Wrapped.Bound

    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Bound>?, _ decoder: inout ParameterDecoder
    ) -> Wrapped?? {
        if node.isNull { return .some(nil) }
        return Wrapped.decode(node, in: range, &decoder).map { .some($0) }
    }

    public static func type(in range: ParameterRange<Bound>?) -> ParameterType {
        var type = Wrapped.type(in: range)
        type.json = ["anyOf": [type.json, ["type": "null"]]]
        return type
    }

    public func isInside(_ range: ParameterRange<Bound>) -> Bool { self?.isInside(range) ?? true }
    public var encoded: JSONValue { self?.encoded ?? .null }
    public var secretValues: [String] { self?.secretValues ?? [] }
}

extension Array: ParameterValue where Element: ParameterValue {
    public typealias Bound = Element.Bound

    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Bound>?, _ decoder: inout ParameterDecoder
    ) -> [Element]? {
        guard let nodes = node.sequence else {
            return decoder.mismatch("a list", remedy: node.isNull ? "" : "; write [\(node.briefText)]", node)
        }
        let values = nodes.enumerated().map { index, node in
            decoder.element(index) { Element.decode(node, in: range, &$0) }
        }
        let good = values.compactMap(\.self)
        return good.count == values.count ? good : nil
    }

    public static func type(in range: ParameterRange<Bound>?) -> ParameterType {
        var type = Element.type(in: range)
        type.name = "list of \(type.name)"
        type.json = ["type": "array", "items": type.json]
        return type
    }

    public func isInside(_ range: ParameterRange<Bound>) -> Bool { allSatisfy { $0.isInside(range) } }
    public var encoded: JSONValue { .array(map(\.encoded)) }
    public var secretValues: [String] { flatMap(\.secretValues) }
}

extension Dictionary: ParameterValue where Key == String, Value: ParameterValue {
    public typealias Bound = Value.Bound

    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Bound>?, _ decoder: inout ParameterDecoder
    ) -> [String: Value]? {
        guard let pairs = node.mapping else { return decoder.mismatch("a mapping", node) }
        var values: [String: Value] = [:]
        for pair in pairs {
            values[pair.key] = decoder.key(pair.key) { Value.decode(pair.value, in: range, &$0) }
        }
        return values.count == pairs.count ? values : nil
    }

    public static func type(in range: ParameterRange<Bound>?) -> ParameterType {
        var type = Value.type(in: range)
        type.name = "mapping to \(type.name)"
        type.json = ["type": "object", "additionalProperties": type.json]
        return type
    }

    public func isInside(_ range: ParameterRange<Bound>) -> Bool { values.allSatisfy { $0.isInside(range) } }

    public var encoded: JSONValue {
        .object(sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.encoded) })
    }

    public var secretValues: [String] { sorted { $0.key < $1.key }.flatMap(\.value.secretValues) }
}

extension YAMLNode {
    /// The scalar's text if it is short, else an ellipsis; for a remedy.
    fileprivate var briefText: String {
        guard let scalar, scalar.original == nil, scalar.text.utf8.count <= 20 else { return "..." }
        return scalar.text
    }
}
