// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Takes what ``ProcessorParameters/validate(into:)`` finds wrong, and knows where each parameter stands.
public struct ParameterIssues {
    private let marks: [String: SourceMark]
    private let mark: SourceMark
    private let path: String
    /// The problems reported so far.
    private(set) var diagnostics = Diagnostics()

    /// Begins without problems.
    ///
    /// - Parameters:
    ///   - marks: Where the parameters that are set stand, by key.
    ///   - mark: Where the others are blamed.
    ///   - path: What the problems concern.
    init(marks: [String: SourceMark], mark: SourceMark, path: String) {
        self.marks = marks
        self.mark = mark
        self.path = path
    }

    /// Reports an error at a parameter.
    ///
    /// - Parameters:
    ///   - key: The key as in the pipeline file. One that is not set there is blamed on the processor.
    ///   - message: The fact, with the value at fault, and the remedy.
    public mutating func error(_ key: String, _ message: String) {
        diagnostics.error(message, at: marks[key] ?? mark, path: "\(path).\(key)")
    }

    /// Reports a warning at a parameter.
    public mutating func warning(_ key: String, _ message: String) {
        diagnostics.warning(message, at: marks[key] ?? mark, path: "\(path).\(key)")
    }

    /// Reports what is wrong with a file that a parameter names, at its place in that file.
    public mutating func add(_ problems: Diagnostics) { diagnostics.merge(problems) }
}
