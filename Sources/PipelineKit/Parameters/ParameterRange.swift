// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A quantity that can bound a range.
public protocol ParameterBound: Comparable, Sendable {
    /// The value as a pipeline file writes it.
    var text: String { get }
    /// The value in a JSON Schema; `nil` where that cannot express it.
    var json: JSONValue? { get }
}

extension Int: ParameterBound {
    public var text: String { String(self) }
    public var json: JSONValue? { .integer(self) }
}

extension Double: ParameterBound {
    public var text: String { JSONValue.text(of: self) }
    public var json: JSONValue? { .number(self) }
}

extension Duration: ParameterBound {
    public var text: String { parameterText }
    public var json: JSONValue? { nil }
}

extension Never: ParameterBound {
    public var text: String { "" }
    public var json: JSONValue? { nil }
}

/// The values that a parameter may take, ends included.
public struct ParameterRange<Bound: ParameterBound>: Sendable {
    /// The least value.
    public var lower: Bound
    /// The greatest value; `nil` if there is none.
    public var upper: Bound?

    /// Whether the range has a value.
    func contains(_ value: Bound) -> Bool { value >= lower && (upper.map { value <= $0 } ?? true) }

    /// The range as documentation shows it: `-90...0`, `1...`.
    var text: String { "\(lower.text)...\(upper?.text ?? "")" }

    /// `minimum` and `maximum` for a JSON Schema.
    var json: JSONValue {
        let least = lower.json.map { [JSONValue.Member("minimum", $0)] } ?? []
        return .object(least + (upper?.json.map { [JSONValue.Member("maximum", $0)] } ?? []))
    }
}
