// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Takes the problems found while parameters are read, and knows the path of the value in hand.
public struct ParameterDecoder {
    /// What has been found so far.
    public private(set) var diagnostics: Diagnostics
    /// The path of the value in hand, such as `brain.rules[2].say`.
    public private(set) var path: String

    /// Begins at a path.
    public init(path: String, diagnostics: Diagnostics = Diagnostics()) {
        self.path = path
        self.diagnostics = diagnostics
    }

    /// Reports an error at the value in hand.
    public mutating func error(_ message: String, at mark: SourceMark) {
        diagnostics.error(message, at: mark, path: path)
    }

    /// Reports that a value is not what it should be; a variable that is not set has been reported already.
    ///
    /// - Parameters:
    ///   - expected: Such as `a number`.
    ///   - remedy: Empty, or what to do, behind a semicolon.
    public mutating func reportMismatch(_ expected: String, remedy: String = "", _ node: YAMLNode) {
        guard node.scalar?.isUnresolved != true else { return }
        let quotes = node.scalar?.isNeedlesslyQuoted == true ? "; remove the quotation marks" : ""
        error("expected \(expected), found \(node.shown)\(remedy.isEmpty ? quotes : remedy)", at: node.mark)
    }

    /// Reports that a value is not what it should be.
    ///
    /// - Returns: `nil`, for the caller to return.
    public mutating func mismatch<Value>(_ expected: String, remedy: String = "", _ node: YAMLNode) -> Value? {
        reportMismatch(expected, remedy: remedy, node)
        return nil
    }

    /// Works on the value of a key.
    public mutating func key<Value>(_ key: String, _ body: (inout Self) -> Value) -> Value {
        extending(path.isEmpty ? key : "\(path).\(key)", body)
    }

    /// Works on an element of a list, counted from 0.
    public mutating func element<Value>(_ index: Int, _ body: (inout Self) -> Value) -> Value {
        extending("\(path)[\(index)]", body)
    }

    /// Adds problems found elsewhere.
    mutating func merge(_ other: Diagnostics) { diagnostics.merge(other) }

    private mutating func extending<Value>(_ longer: String, _ body: (inout Self) -> Value) -> Value {
        let shorter = path
        path = longer
        defer { path = shorter }
        return body(&self)
    }
}
