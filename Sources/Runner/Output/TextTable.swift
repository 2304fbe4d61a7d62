// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Rows in columns of even width, for terminals.
struct TextTable {
    /// On which side a column's texts are flush.
    enum Alignment { case left, right }

    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// Creates a table with a heading for each column.
    init(_ columns: [(String, Alignment)]) {
        alignments = columns.map(\.1)
        rows = [columns.map(\.0)]
    }

    /// Whether there is nothing but the headings.
    var isEmpty: Bool { rows.count == 1 }

    /// Adds a row of as many texts as there are columns.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == alignments.count, "a row has as many cells as the table has columns")
        rows.append(cells)
    }

    /// The table, its lines ending in a line break, without spaces at the ends of lines.
    var text: String {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return alignments[column] == .left ? row[column] + space : space + row[column]
            }
            let line = cells.joined(separator: "  ")
            return line.trimmingSpacesAtEnd + "\n"
        }.joined()
    }
}

extension String {
    /// The text without spaces at its end.
    var trimmingSpacesAtEnd: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// The text cut to a number of characters; the last one is an ellipsis if something is missing.
    func fitting(_ width: Int) -> String {
        count <= width ? self : String(prefix(max(0, width - 1))) + "…"
    }
}
