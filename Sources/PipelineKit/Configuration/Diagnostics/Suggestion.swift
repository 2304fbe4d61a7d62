// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Finds the known name that the user probably meant.
public enum Suggestion {
    private static let longestName = 64

    /// The known name nearest to `name`, if it is near enough: a third of the letters may differ, but at least one.
    ///
    /// Of names equally near, the first in alphabetical order.
    public static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        guard name.count <= longestName else { return nil }
        let letters = Array(name.lowercased())
        let limit = max(1, letters.count / 3)
        let best = known.map { (distance(letters, Array($0.lowercased())), $0) }.min { $0 < $1 }
        return best.flatMap { $0.0 <= limit ? $0.1 : nil }
    }

    /// The ending of a message: `; did you mean 'hangover'?`, or empty.
    public static func remedy(for name: String, among known: some Sequence<String>) -> String {
        nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// The least number of insertions, deletions, replacements and swaps of neighbours that turn one word into the
    /// other (optimal string alignment).
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        guard left.count <= longestName, right.count <= longestName else { return max(left.count, right.count) }
        var previous = [Int]()
        var current = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var next = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(current[column + 1] + 1, next[column] + 1, current[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, previous[column - 1] + 1)
                }
                next.append(cost)
            }
            (previous, current) = (current, next)
        }
        return current[right.count]
    }
}
