// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Collects the problems of one or several files, so that all of them can be reported together.
public struct Diagnostics: Sendable {
    private var found: Set<Diagnostic> = []
    private var sources: [String: SourceText] = [:]

    /// Creates an empty collection.
    public init() {}

    /// Every problem once, ordered by file, line and column.
    public var all: [Diagnostic] { found.sorted() }

    /// Whether there is no problem at all.
    public var isEmpty: Bool { found.isEmpty }

    /// Number of errors.
    public private(set) var errorCount = 0

    /// Number of warnings.
    public var warningCount: Int { found.count - errorCount }

    /// Whether there is at least one error.
    public var hasErrors: Bool { errorCount > 0 }

    /// Adds a problem; one that is there already is not repeated.
    public mutating func add(_ diagnostic: Diagnostic) {
        if found.insert(diagnostic).inserted, diagnostic.severity == .error { errorCount += 1 }
    }

    /// Adds an error.
    public mutating func error(_ message: String, at mark: SourceMark, path: String = "") {
        add(Diagnostic(.error, message, at: mark, path: path))
    }

    /// Adds a warning.
    public mutating func warning(_ message: String, at mark: SourceMark, path: String = "") {
        add(Diagnostic(.warning, message, at: mark, path: path))
    }

    /// Adds what another collection holds.
    public mutating func merge(_ other: Diagnostics) {
        for diagnostic in other.found { add(diagnostic) }
        sources.merge(other.sources) { _, new in new }
    }

    /// Keeps the text of a file, so that the lines at fault can be shown.
    public mutating func keepSource(_ text: SourceText, of file: String) {
        sources[file] = text
    }

    /// All problems as text, each with the line at fault and a caret below the column.
    public func rendered() -> String {
        all.map { diagnostic in
            let excerpt = sources[diagnostic.mark.file]?.excerpt(at: diagnostic.mark) ?? ""
            return "\(diagnostic)\n\(excerpt)"
        }.joined()
    }

    /// All problems as an array of objects, see ``Diagnostic/json``.
    public var json: JSONValue { .array(all.map(\.json)) }
}
