// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A place in a source file; shown as `file:line:column`.
public struct SourceMark: Sendable, Hashable {
    /// The file's path as the user gave it, or a pseudo-file such as `--set`.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column in characters (Unicode scalars), from 1.
    public var column: Int

    /// Creates a mark; without line and column it is the file's beginning.
    public init(file: String, line: Int = 1, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourceMark: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension SourceMark: CustomStringConvertible {
    public var description: String { "\(file):\(line):\(column)" }
}
