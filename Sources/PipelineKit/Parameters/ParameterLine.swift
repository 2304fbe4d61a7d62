// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// One line of a schema: a key, the property that holds its value, its range and its meaning.
public struct ParameterLine<Root>: Sendable {
    /// The key in pipeline files; snake_case.
    let key: String
    /// What the parameter means: one sentence.
    let sentence: String
    /// Whether it must be set.
    let isRequired: Bool
    /// What documentation and editors need to know of its type.
    let type: ParameterType
    /// The property that holds the value.
    let property: any PartialKeyPath<Root> & Sendable
    /// Reads the value into an instance.
    let decode: @Sendable (YAMLNode, inout Root, inout ParameterDecoder) -> Void
    /// The value of an instance.
    let encode: @Sendable (Root) -> JSONValue
    /// What of the value of an instance must never be read.
    let secrets: @Sendable (Root) -> [String]
    /// Whether the value of an instance lies in range.
    let isInRange: @Sendable (Root) -> Bool

    private init<Value: ParameterValue>(
        _ key: String, _ property: any WritableKeyPath<Root, Value> & Sendable, _ range: ParameterRange<Value.Bound>?,
        _ sentence: String, isRequired: Bool
    ) {
        self.key = key
        self.sentence = sentence
        self.isRequired = isRequired
        self.property = property
        type = Value.type(in: range)
        decode = { node, root, decoder in
            if let value = Value.decode(node, in: range, &decoder) { root[keyPath: property] = value }
        }
        encode = { $0[keyPath: property].encoded }
        secrets = { $0[keyPath: property].secretValues }
        isInRange = { root in range.map { root[keyPath: property].isInside($0) } ?? true }
    }
}

extension ParameterLine {
    /// A parameter that may be left out.
    public static func optional<Value: ParameterValue>(
        _ key: String, _ property: any WritableKeyPath<Root, Value> & Sendable, _ sentence: String
    ) -> Self {
        Self(key, property, nil, sentence, isRequired: false)
    }

    /// A parameter that may be left out, with the least and the greatest value that it may take.
    public static func optional<Value: ParameterValue>(
        _ key: String, _ property: any WritableKeyPath<Root, Value> & Sendable, in range: ClosedRange<Value.Bound>,
        _ sentence: String
    ) -> Self {
        let range = ParameterRange(lower: range.lowerBound, upper: range.upperBound)
        return Self(key, property, range, sentence, isRequired: false)
    }

    /// A parameter that may be left out, with the least value that it may take.
    public static func optional<Value: ParameterValue>(
        _ key: String, _ property: any WritableKeyPath<Root, Value> & Sendable, in range: PartialRangeFrom<Value.Bound>,
        _ sentence: String
    ) -> Self {
        Self(key, property, ParameterRange(lower: range.lowerBound), sentence, isRequired: false)
    }

    /// A parameter that must be set.
    public static func required<Value: ParameterValue>(
        _ key: String, _ property: any WritableKeyPath<Root, Value> & Sendable, _ sentence: String
    ) -> Self {
        Self(key, property, nil, sentence, isRequired: true)
    }

    /// A parameter that must be set, with the least and the greatest value that it may take.
    public static func required<Value: ParameterValue>(
        _ key: String, _ property: any WritableKeyPath<Root, Value> & Sendable, in range: ClosedRange<Value.Bound>,
        _ sentence: String
    ) -> Self {
        let range = ParameterRange(lower: range.lowerBound, upper: range.upperBound)
        return Self(key, property, range, sentence, isRequired: true)
    }

    /// A parameter that must be set, with the least value that it may take.
    public static func required<Value: ParameterValue>(
        _ key: String, _ property: any WritableKeyPath<Root, Value> & Sendable, in range: PartialRangeFrom<Value.Bound>,
        _ sentence: String
    ) -> Self {
        Self(key, property, ParameterRange(lower: range.lowerBound), sentence, isRequired: true)
    }
}
