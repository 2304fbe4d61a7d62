// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// One of a few named values; each says what choosing it means.
///
///     enum Quality: String, ParameterChoice {
///         case medium, best
///
///         var summary: String {
///             switch self {
///             case .medium: "clean on the telephone; 1 % of a core"
///             case .best: "clean in a studio; 5 % of a core"
///             }
///         }
///     }
public protocol ParameterChoice: ParameterValue, RawRepresentable, CaseIterable
where RawValue == String, Bound == Never {
    /// The consequence of the choice.
    var summary: String { get }
}

extension ParameterChoice {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> Self? {
        guard let scalar = node.scalar, let value = Self(rawValue: scalar.text) else {
            let names = allCases.map(\.rawValue)
            let remedy = node.scalar.map { Suggestion.remedy(for: $0.text, among: names) } ?? ""
            return decoder.mismatch(names.listed("or"), remedy: remedy, node)
        }
        return value
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType {
        let choices = allCases.map { ParameterType.Choice(value: $0.rawValue, summary: $0.summary) }
        let constants = choices.map { choice -> JSONValue in
            ["const": .string(choice.value), "description": .string(choice.summary)]
        }
        let variable: JSONValue = ["type": "string", "pattern": .string(ParameterType.variablePattern)]
        return ParameterType("choice", choices: choices, json: ["anyOf": .array(constants + [variable])])
    }

    public var encoded: JSONValue { .string(rawValue) }
}
