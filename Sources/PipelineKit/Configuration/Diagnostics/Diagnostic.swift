// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A problem in a file that the user wrote: where it is, what it concerns, what is wrong and how to put it right.
public struct Diagnostic: Sendable, Hashable {
    /// How grave a problem is.
    public enum Severity: String, Sendable, Hashable {
        /// The file cannot be used as it is.
        case error
        /// The file can be used, but probably does not do what its author wants.
        case warning
    }

    /// How grave the problem is.
    public var severity: Severity
    /// Where it is.
    public var mark: SourceMark
    /// What it concerns, such as `gate.threshold_dbfs`; empty where the place says it all.
    public var path: String
    /// The fact, with the value at fault, and the remedy.
    public var message: String

    /// Creates a diagnostic.
    public init(_ severity: Severity, _ message: String, at mark: SourceMark, path: String = "") {
        self.severity = severity
        self.mark = mark
        self.path = path
        self.message = message
    }

    /// The diagnostic as an object with `file`, `line`, `column`, `severity`, `path` and `message`.
    public var json: JSONValue {
        [
            "file": .string(mark.file), "line": .integer(mark.line), "column": .integer(mark.column),
            "severity": .string(severity.rawValue), "path": .string(path), "message": .string(message),
        ]
    }
}

extension Diagnostic: CustomStringConvertible {
    /// One line: `file:line:column: severity: path: message`.
    public var description: String {
        "\(mark): \(severity.rawValue): \(path.isEmpty ? "" : "\(path): ")\(message)"
    }
}

extension Diagnostic: Comparable {
    /// Orders by place, then errors before warnings, then by text.
    public static func < (left: Self, right: Self) -> Bool {
        if left.mark != right.mark { return left.mark < right.mark }
        return (left.severity.rawValue, left.path, left.message) < (right.severity.rawValue, right.path, right.message)
    }
}
