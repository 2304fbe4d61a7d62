// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Checks values by the part of JSON Schema (draft-07) that the generated schemas use.
struct JSONSchemaChecker {
    /// A keyword that this checker does not know: the test must not pass because of it.
    struct UnknownKeyword: Error {
        let keyword: String
    }

    let root: JSONValue

    init(_ root: JSONValue) {
        self.root = root
    }

    func accepts(_ value: JSONValue) throws -> Bool { try accepts(value, root) }

    private func accepts(_ value: JSONValue, _ schema: JSONValue) throws -> Bool {
        guard case .object(let keywords) = schema else { return true }
        for keyword in keywords where try !accepts(value, keyword, schema) { return false }
        return true
    }

    private func accepts(_ value: JSONValue, _ keyword: JSONValue.Member, _ schema: JSONValue) throws -> Bool {
        switch (keyword.key, keyword.value, value) {
        case ("$schema", _, _), ("title", _, _), ("description", _, _), ("default", _, _), ("definitions", _, _): true
        case ("$ref", .string(let reference), _): try accepts(value, resolve(reference))
        case ("type", .string(let name), _): Self.names(value).contains(name)
        case ("type", .array(let names), _): names.contains { Self.names(value).map { .string($0) }.contains($0) }
        case ("const", let constant, _): constant == value
        case ("anyOf", .array(let schemas), _): try schemas.contains { try accepts(value, $0) }
        case ("oneOf", .array(let schemas), _): try schemas.filter { try accepts(value, $0) }.count == 1
        case ("pattern", .string(let pattern), .string(let text)): try text.contains(Regex(pattern))
        case ("minLength", .integer(let length), .string(let text)): text.count >= length
        case ("minimum", let bound, _): Self.number(value).map { $0 >= Self.number(bound) ?? .nan } ?? true
        case ("maximum", let bound, _): Self.number(value).map { $0 <= Self.number(bound) ?? .nan } ?? true
        case ("items", let schema, .array(let elements)): try elements.allSatisfy { try accepts($0, schema) }
        case ("properties", _, .object(let members)):
            try members.allSatisfy { member in
                try keyword.value[member.key].map { try accepts(member.value, $0) } ?? true
            }
        case ("additionalProperties", .bool(false), .object(let members)):
            members.allSatisfy { schema["properties"]?[$0.key] != nil }
        case ("required", .array(let keys), .object(let members)):
            keys.allSatisfy { key in members.contains { .string($0.key) == key } }
        case ("minProperties", .integer(let count), .object(let members)): members.count >= count
        case ("maxProperties", .integer(let count), .object(let members)): members.count <= count
        case ("pattern", _, _), ("minLength", _, _), ("items", _, _), ("properties", _, _), ("required", _, _),
            ("additionalProperties", .bool(false), _), ("minProperties", _, _), ("maxProperties", _, _):
            true
        default: throw UnknownKeyword(keyword: keyword.key)
        }
    }

    private func resolve(_ reference: String) throws -> JSONValue {
        var value: JSONValue? = root
        for part in reference.split(separator: "/").dropFirst() { value = value?[String(part)] }
        guard let value else { throw UnknownKeyword(keyword: reference) }
        return value
    }

    private static func names(_ value: JSONValue) -> [String] {
        switch value {
        case .null: ["null"]
        case .bool: ["boolean"]
        case .integer: ["integer", "number"]
        case .number: ["number"]
        case .string: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        }
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
