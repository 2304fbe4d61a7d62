// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A value of a YAML document and where it stands.
public struct YAMLNode: Sendable, Hashable {
    /// What a node is.
    public enum Content: Sendable, Hashable {
        /// Text, a number, a truth value or nothing.
        case scalar(YAMLScalar)
        /// A list.
        case sequence([YAMLNode])
        /// Pairs in the order of the document; each key occurs once.
        case mapping([YAMLPair])
    }

    /// What the node is.
    public var content: Content
    /// Where it begins.
    public var mark: SourceMark

    /// Creates a node.
    public init(_ content: Content, at mark: SourceMark) {
        self.content = content
        self.mark = mark
    }
}

/// A key of a mapping and its value.
public struct YAMLPair: Sendable, Hashable {
    /// The key's text.
    public var key: String
    /// Where the key stands.
    public var keyMark: SourceMark
    /// The value.
    public var value: YAMLNode

    /// Creates a pair.
    public init(key: String, keyMark: SourceMark, value: YAMLNode) {
        self.key = key
        self.keyMark = keyMark
        self.value = value
    }
}

extension YAMLNode {
    /// The scalar, if the node is one.
    public var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The elements, if the node is a list.
    public var sequence: [YAMLNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The pairs, if the node is a mapping.
    public var mapping: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// Whether nothing is there: `key:` without a value, `~` or `null`.
    public var isNull: Bool { scalar?.value == .null }

    /// The value of a key, if the node is a mapping that has it.
    public subscript(key: String) -> YAMLNode? { pair(key)?.value }

    /// A key and its value, if the node is a mapping that has it.
    public func pair(_ key: String) -> YAMLPair? { mapping?.first { $0.key == key } }

    /// What the node is, as a message calls it: `a list`, `200`, `'abc'`, `nothing`.
    public var shown: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar): scalar.shown
        }
    }
}
