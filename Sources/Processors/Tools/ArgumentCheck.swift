// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// Checks the arguments of a call against the schema in its tool's definition.
///
/// Knows what tools use of JSON Schema (draft-07): `type`, `required`, `properties`, `additionalProperties`, `items`,
/// `enum`, `minimum`, `maximum`, `minLength` and `maxLength`; other keywords are left to the tool. The first thing that is
/// wrong is told in words for the model, which then can mend its call.
package enum ArgumentCheck {
    private static let maxDepth = 32

    /// What is wrong with the arguments; `nil` if nothing is.
    package static func problem(_ arguments: JSONValue, _ schema: JSONValue) -> String? {
        problem(arguments, schema, path: "arguments", depth: 0)
    }

    private static func problem(_ value: JSONValue, _ schema: JSONValue, path: String, depth: Int) -> String? {
        guard depth < maxDepth else { return "\(path): is nested too deeply" }
        if let allowed = names(schema["type"]), !allowed.contains(where: { value.is($0) }) {
            return "\(path): expected \(allowed.joined(separator: " or ")), found \(value.typeName)"
        }
        if case .array(let choices) = schema["enum"], !choices.contains(where: { $0.equals(value) }) {
            return "\(path): expected one of \(choices.map(\.description).joined(separator: ", "))"
        }
        switch value {
        case .object(let members): return problem(members, schema, path, depth)
        case .array(let elements):
            guard let items = schema["items"] else { return nil }
            for (index, element) in elements.enumerated() {
                if let found = problem(element, items, path: "\(path)[\(index)]", depth: depth + 1) { return found }
            }
            return nil
        default: return limitProblem(value, schema, path)
        }
    }

    private static func problem(
        _ members: [JSONValue.Member], _ schema: JSONValue, _ path: String, _ depth: Int
    ) -> String? {
        for name in names(schema["required"]) ?? [] where !members.contains(where: { $0.key == name }) {
            return "\(path).\(name): is missing"
        }
        for member in members {
            let place = "\(path).\(member.key)"
            if let known = schema["properties"]?[member.key] {
                if let found = problem(member.value, known, path: place, depth: depth + 1) { return found }
            } else if let others = schema["additionalProperties"] {
                if others == .bool(false) { return "\(place): is unknown" }
                if let found = problem(member.value, others, path: place, depth: depth + 1) { return found }
            }
        }
        return nil
    }

    private static func limitProblem(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> String? {
        let measures: [(measure: Double?, least: String, most: String, name: String)] = [
            (value.double, "minimum", "maximum", "value"),
            (value.text.map { Double($0.unicodeScalars.count) }, "minLength", "maxLength", "length"),
        ]
        for (measure, least, most, name) in measures {
            guard let measure else { continue }
            if let bound = schema[least]?.double, measure < bound {
                return "\(path): its \(name) is below the least of \(JSONValue.number(bound))"
            }
            if let bound = schema[most]?.double, measure > bound {
                return "\(path): its \(name) is above the most of \(JSONValue.number(bound))"
            }
        }
        return nil
    }

    /// One name or several.
    private static func names(_ value: JSONValue?) -> [String]? {
        switch value {
        case .string(let name): [name]
        case .array(let elements): elements.compactMap(\.text)
        default: nil
        }
    }
}

extension JSONValue {
    /// The text, if this is one.
    package var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The number, if this is one.
    fileprivate var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// What JSON Schema calls it.
    fileprivate var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    fileprivate func `is`(_ name: String) -> Bool {
        if typeName == name { return true }
        guard let double else { return false }
        return name == "number" || (name == "integer" && double == double.rounded())
    }

    /// Whether two values mean the same: members may have another order, and 1 is 1.0.
    fileprivate func equals(_ other: JSONValue) -> Bool { canonical == other.canonical }

    /// The value in the one form that all values which mean the same have: members in order of their names.
    package var canonical: JSONValue {
        switch self {
        case .number(let value) where value == value.rounded() && abs(value) < 0x1p53: .integer(Int(value))
        case .array(let elements): .array(elements.map(\.canonical))
        case .object(let members):
            .object(members.map { Member($0.key, $0.value.canonical) }.sorted { $0.key < $1.key })
        default: self
        }
    }
}
