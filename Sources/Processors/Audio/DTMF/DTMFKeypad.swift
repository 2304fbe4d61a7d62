// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The keys of the telephone, and the two frequencies that each of them sounds.
///
/// - SeeAlso: ITU-T Q.23, table 1.
enum DTMFKeypad {
    /// Hertz; one for each row, from the top.
    static let rows = [697.0, 770, 852, 941]
    /// Hertz; one for each column, from the left.
    static let columns = [1209.0, 1336, 1477, 1633]
    private static let keys = ["123A", "456B", "789C", "*0#D"].map { Array($0) }

    /// The key in a row and a column.
    static func key(row: Int, column: Int) -> Character { keys[row][column] }

    /// The frequencies of a key; `nil` when the telephone has no such key.
    static func frequencies(of key: Character) -> (low: Double, high: Double)? {
        for (row, keys) in keys.enumerated() {
            if let column = keys.firstIndex(of: key) { return (rows[row], columns[column]) }
        }
        return nil
    }
}
