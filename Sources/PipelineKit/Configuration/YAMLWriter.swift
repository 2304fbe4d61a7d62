// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Writes values as YAML that ``YAMLReader`` reads back as the same values.
public enum YAMLWriter {
    /// The value as YAML: mappings and lists of mappings on lines of their own, lists of scalars in brackets.
    ///
    /// - Returns: Lines, each with its line break; nothing for an empty mapping.
    public static func text(_ value: JSONValue) -> String {
        guard case .object(let members) = value else { return scalar(value) + "\n" }
        return lines(members).joined(separator: "\n") + (members.isEmpty ? "" : "\n")
    }

    /// A scalar, or a mapping of one key and a scalar, on one line; `nil` for anything longer.
    static func line(_ value: JSONValue) -> String? {
        let text = text(value)
        guard text.count <= 80, text.hasSuffix("\n"), text.count(where: { $0 == "\n" }) == 1 else { return nil }
        return String(text.dropLast())
    }

    private static func lines(_ members: [JSONValue.Member]) -> [String] {
        members.flatMap { member -> [String] in
            let key = plain(member.key) ?? JSONValue.string(member.key).description
            switch member.value {
            case .object(let inner) where !inner.isEmpty:
                return ["\(key):"] + lines(inner).map { "  \($0)" }
            case .array(let elements) where elements.contains(where: \.hasParts):
                return ["\(key):"] + elements.flatMap(item).map { "  \($0)" }
            default:
                return ["\(key): \(scalar(member.value))"]
            }
        }
    }

    private static func item(_ element: JSONValue) -> [String] {
        guard case .object(let members) = element, !members.isEmpty else { return ["- \(scalar(element))"] }
        return lines(members).enumerated().map { $0 == 0 ? "- \($1)" : "  \($1)" }
    }

    // JSON is YAML too, so that what has no nicer form is written as JSON.
    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): plain(text) ?? value.description
        case .array(let elements): "[\(elements.map(scalar).joined(separator: ", "))]"
        default: value.description
        }
    }

    /// The text itself, if it means the same without quotation marks.
    private static func plain(_ text: String) -> String? {
        guard YAMLScalar(text).value == .string(text), let first = text.unicodeScalars.first else { return nil }
        let isSafe = text.unicodeScalars.allSatisfy { isWord($0) || $0 == " " || $0 == "-" || $0 == "+" }
        return isWord(first) && isSafe && !text.hasSuffix(" ") && text != "..." ? text : nil
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "/._".unicodeScalars.contains(scalar)
    }
}

extension JSONValue {
    fileprivate var hasParts: Bool {
        switch self {
        case .array: true
        case .object(let members): !members.isEmpty
        default: false
        }
    }
}
