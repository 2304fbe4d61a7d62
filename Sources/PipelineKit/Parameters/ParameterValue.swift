// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A type that a parameter can have.
///
/// Built in: `Bool`, `Int`, `Double`, `String`, `Duration`, ``ParameterChoice``, ``Secret``, ``FileReference``,
/// ``ParameterGroup``, optionals, arrays, string-keyed dictionaries, and ``YAMLNode`` for what has a form of its own.
public protocol ParameterValue: Sendable {
    /// What bounds a range of values; `Never` where there is no order.
    associatedtype Bound: ParameterBound = Never

    /// Reads a value, and reports whatever is wrong with it.
    static func decode(_ node: YAMLNode, in range: ParameterRange<Bound>?, _ decoder: inout ParameterDecoder) -> Self?
    /// What documentation and editors need to know.
    static func type(in range: ParameterRange<Bound>?) -> ParameterType
    /// Whether every part of the value lies in a range.
    func isInside(_ range: ParameterRange<Bound>) -> Bool
    /// The value as a pipeline file writes it; a secret as `***`.
    var encoded: JSONValue { get }
    /// What of the value must never be read; the values of every ``Secret`` inside.
    var secretValues: [String] { get }
}

extension ParameterValue {
    public func isInside(_ range: ParameterRange<Bound>) -> Bool { true }
    public var secretValues: [String] { [] }
}

/// What documentation and editors need to know about a parameter's type.
public struct ParameterType: Sendable {
    /// A value that can be chosen, and its consequence.
    public struct Choice: Sendable {
        /// The value as in a pipeline file.
        public var value: String
        /// What choosing it means.
        public var summary: String
    }

    /// The type in a word or two, such as `number`.
    public var name: String
    /// The range as documentation shows it.
    public var range: String?
    /// What can be chosen from, if it is a choice.
    public var choices: [Choice]
    /// The parameters inside, if it is a group.
    public var members: [ParameterDescription]
    /// The JSON Schema (draft-07) of the value.
    ///
    /// Values that are not text may also be a `${VARIABLE}`.
    public var json: JSONValue

    /// Creates a description.
    public init(
        _ name: String, range: String? = nil, choices: [Choice] = [], members: [ParameterDescription] = [],
        json: JSONValue
    ) {
        self.name = name
        self.range = range
        self.choices = choices
        self.members = members
        self.json = json
    }

    /// The pattern of text in which a variable is substituted.
    static let variablePattern = #"\$\{.+\}"#
}
