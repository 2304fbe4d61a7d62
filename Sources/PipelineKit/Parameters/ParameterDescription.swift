// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// One parameter as documentation shows it.
public struct ParameterDescription: Sendable {
    /// The key in pipeline files.
    public var key: String
    /// Type, range and choices.
    public var type: ParameterType
    /// The default as a pipeline file writes it; `nil` if the parameter must be set.
    public var defaultText: String?
    /// What the parameter means.
    public var sentence: String

    /// Type, range and default on one line: `number, -90...0, default -45`.
    public var summary: String {
        let kind = type.choices.isEmpty ? type.name : "one of \(type.choices.map(\.value).joined(separator: ", "))"
        let parts = [kind, type.range, defaultText.map { "default \($0)" } ?? "required"]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    /// Several lines: key and summary, the sentence, the choices, the parameters inside.
    public func text(indentedBy indentation: Int = 0) -> String {
        let margin = String(repeating: " ", count: indentation)
        var lines = ["\(margin)\(key)  \(summary)", "\(margin)    \(sentence)"]
        lines += type.choices.map { "\(margin)    \($0.value): \($0.summary)" }
        lines += type.members.map { $0.text(indentedBy: indentation + 4) }
        return lines.joined(separator: "\n")
    }
}

extension ParameterSchema {
    /// The parameters in the order of the schema.
    var descriptions: [ParameterDescription] {
        lines.map { line in
            ParameterDescription(
                key: line.key, type: line.type,
                defaultText: line.isRequired ? nil : Self.text(line.encode(.template)), sentence: line.sentence)
        }
    }

    /// The JSON Schema (draft-07) of the mapping.
    var json: JSONValue {
        let properties = lines.map { JSONValue.Member($0.key, property($0)) }
        let required = lines.filter(\.isRequired).map { JSONValue.string($0.key) }
        let type: JSONValue = required.isEmpty ? ["object", "null"] : "object"
        let object: JSONValue = ["type": type, "properties": .object(properties), "additionalProperties": false]
        return required.isEmpty ? object : object.appending(["required": .array(required)])
    }

    private func property(_ line: ParameterLine<Root>) -> JSONValue {
        let value = line.encode(.template)
        let json = line.type.json.appending(["description": .string(line.sentence)])
        return line.isRequired || value == .null || value == "***" ? json : json.appending(["default": value])
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "none"
        case .string(""): "empty"
        case .string(let text): text
        case .array([]), .object([]): "empty"
        default: YAMLWriter.line(value) ?? "as in the template"
        }
    }
}
