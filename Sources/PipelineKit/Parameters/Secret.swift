// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A value that must not be seen: it prints as `***` wherever it turns up.
public struct Secret<Value: Sendable>: Sendable {
    /// The value itself; for the place that needs it, never for text that people read.
    public let value: Value

    /// Hides a value.
    public init(_ value: Value) {
        self.value = value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable where Value: Equatable {}

extension Secret: ParameterValue where Value == String {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> Secret<String>? {
        if node.scalar?.isUnresolved == true { return nil }
        guard let scalar = node.scalar, !scalar.text.isEmpty, scalar.value != .null else {
            decoder.error(
                "the secret is empty; write ${VARIABLE} and set it in the environment or in .env", at: node.mark)
            return nil
        }
        return Secret(scalar.text)
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType("secret", json: ["type": "string"])
    }

    public var encoded: JSONValue { "***" }
    public var secretValues: [String] { [value] }
}
