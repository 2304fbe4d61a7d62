// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Collects the problems of one or several files, so that all of them can be reported together.
///
/// Keeps the first thousand; those beyond are only counted.
public struct Diagnostics: Sendable {
    private static let capacity = 1000

    private var found: [Diagnostic] = []
    private var known: Set<Diagnostic> = []
    private var sources: [String: SourceText] = [:]

    /// Creates an empty collection.
    public init() {}

    /// Every problem once, ordered by file, line and column.
    public var all: [Diagnostic] { found.sorted() }

    /// Whether there is no problem at all.
    public var isEmpty: Bool { found.isEmpty }

    /// Number of problems that are not kept.
    public private(set) var omittedCount = 0

    /// Number of errors, those that are not kept included.
    public private(set) var errorCount = 0

    /// Number of warnings.
    public var warningCount: Int { found.count { $0.severity == .warning } }

    /// Whether there is at least one error.
    public var hasErrors: Bool { errorCount > 0 }

    /// Adds a problem; one that is there already is not repeated.
    public mutating func add(_ diagnostic: Diagnostic) {
        guard !known.contains(diagnostic) else { return }
        if diagnostic.severity == .error { errorCount += 1 }
        guard found.count < Self.capacity else { return omittedCount += 1 }
        known.insert(diagnostic)
        found.append(diagnostic)
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
        omittedCount += other.omittedCount
        errorCount += other.errorCount - other.found.count { $0.severity == .error }
        sources.merge(other.sources) { _, new in new }
    }

    /// Keeps the text of a file, so that the lines at fault can be shown.
    public mutating func keepSource(_ text: SourceText, of file: String) {
        sources[file] = text
    }

    /// Whether a problem of a kind has been found.
    public func contains(where isWanted: (Diagnostic) -> Bool) -> Bool { found.contains(where: isWanted) }

    /// All problems as text, each with the line at fault and a caret below the column.
    public func rendered() -> String {
        let texts = all.map { diagnostic in
            let excerpt = sources[diagnostic.mark.file]?.excerpt(at: diagnostic.mark) ?? ""
            return "\(diagnostic)\n\(excerpt)"
        }
        return texts.joined() + (omittedCount > 0 ? "... and \(omittedCount) more\n" : "")
    }

    /// All problems as an array of objects, see ``Diagnostic/json``.
    public var json: JSONValue { .array(all.map(\.json)) }
}
