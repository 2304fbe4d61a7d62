// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension Bool: ParameterValue {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> Bool? {
        guard case .bool(let value) = node.scalar?.value else { return decoder.mismatch("true or false", node) }
        return value
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType(
            "true or false",
            json: ["type": ["boolean", "string"], "pattern": .string(ParameterType.variablePattern)])
    }

    public var encoded: JSONValue { .bool(self) }
}

extension Int: ParameterValue {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Int>?, _ decoder: inout ParameterDecoder
    ) -> Int? {
        switch node.scalar?.value {
        case .integer(let value): return decoder.checked(value, in: range, node)
        case .number(let value) where abs(value) >= 0x1p63 && value.isFinite:
            return decoder.mismatch("an integer of at most 64 bits", node)
        default: return decoder.mismatch("an integer", node)
        }
    }

    public static func type(in range: ParameterRange<Int>?) -> ParameterType {
        .number("integer", range)
    }

    public func isInside(_ range: ParameterRange<Int>) -> Bool { range.contains(self) }
    public var encoded: JSONValue { .integer(self) }
}

extension Double: ParameterValue {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Double>?, _ decoder: inout ParameterDecoder
    ) -> Double? {
        switch node.scalar?.value {
        case .integer(let value): return decoder.checked(Double(value), in: range, node)
        case .number(let value) where value.isFinite: return decoder.checked(value, in: range, node)
        default: return decoder.mismatch("a number", node)
        }
    }

    public static func type(in range: ParameterRange<Double>?) -> ParameterType {
        .number("number", range)
    }

    public func isInside(_ range: ParameterRange<Double>) -> Bool { range.contains(self) }
    public var encoded: JSONValue { .number(self) }
}

extension String: ParameterValue {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> String? {
        guard let scalar = node.scalar else { return decoder.mismatch("text", node) }
        // From the environment comes text only; it needs no quotation marks.
        if scalar.original != nil { return scalar.text }
        switch scalar.value {
        case .string(let text): return text
        case .bool, .integer, .number:
            return decoder.mismatch("text", remedy: "; put it in quotes", node)
        case .null: return decoder.mismatch("text", node)
        }
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType("text", json: ["type": "string"])
    }

    public var encoded: JSONValue { .string(self) }
}

extension YAMLNode: ParameterValue {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> YAMLNode? {
        node
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType { ParameterType("any YAML", json: [:]) }

    public var encoded: JSONValue {
        switch content {
        case .sequence(let elements): .array(elements.map(\.encoded))
        case .mapping(let pairs): .object(pairs.map { JSONValue.Member($0.key, $0.value.encoded) })
        case .scalar(let scalar):
            switch scalar.value {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .number(let value): .number(value)
            case .string(let value): .string(value)
            }
        }
    }
}

extension ParameterType {
    fileprivate static func number<Bound>(_ name: String, _ range: ParameterRange<Bound>?) -> ParameterType {
        let type: JSONValue = ["type": [.string(name), "string"], "pattern": .string(variablePattern)]
        return ParameterType(name, range: range?.text, json: type.appending(range?.json ?? [:]))
    }
}

extension ParameterDecoder {
    /// The value, if it lies in the range; otherwise reports it.
    mutating func checked<Bound>(_ value: Bound, in range: ParameterRange<Bound>?, _ node: YAMLNode) -> Bound? {
        guard let range, !range.contains(value) else { return value }
        let isBelow = range.upper == nil
        let fact = isBelow ? "is below the minimum of \(range.lower.text)" : "is outside \(range.text)"
        let isOwnText = node.scalar?.original == nil
        error("\(isOwnText ? value.text : node.shown) \(fact)", at: node.mark)
        return nil
    }
}
