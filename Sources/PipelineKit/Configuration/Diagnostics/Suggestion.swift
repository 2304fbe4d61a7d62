// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Finds the known name that the user probably meant.
public enum Suggestion {
    private static let longestName = 64
    private static let mostListed = 12
    /// Most unknown keys of one mapping that are worth a word each: whoever has more has mixed up the files.
    static let mostSuggestions = 100

    /// The known name nearest to `name`, if it is near enough: a third of the letters may differ, but at least one.
    ///
    /// Of names equally near, the first in alphabetical order.
    public static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        guard name.utf8.count <= longestName else { return nil }
        let letters = Array(name.lowercased().utf8)
        let limit = max(1, letters.count / 3)
        let near = known.filter { abs($0.utf8.count - letters.count) <= limit }
        let best = near.map { (distance(letters, Array($0.lowercased().utf8)), $0) }.min { $0 < $1 }
        return best.flatMap { $0.0 <= limit ? $0.1 : nil }
    }

    /// The ending of a message: `; did you mean 'hangover'?`, or empty.
    ///
    /// - Parameter listing: Whether to list the known names, if they are few and none is near.
    public static func remedy(
        for name: String, among known: some Collection<String>, listing: Bool = false
    ) -> String {
        if let nearest = nearest(to: name, among: known) { return "; did you mean '\(nearest)'?" }
        guard listing, !known.isEmpty, known.count <= mostListed else { return "" }
        return "; known here: \(known.sorted().listed())"
    }

    /// The least number of insertions, deletions, replacements and swaps of neighbours that turn one word into the
    /// other (optimal string alignment).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
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
