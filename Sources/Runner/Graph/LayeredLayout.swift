// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Places the boxes of a graph in rows: each below all that feed it, and in its row near the middle of these.
struct LayeredLayout {
    /// The row of each box, from the top.
    private(set) var rows: [Int] = []
    /// Where in its row each box is; whole numbers are one box apart, and every row's middle is 0.
    private(set) var offsets: [Double] = []

    /// Boxes of the widest row.
    var width: Int { Dictionary(grouping: rows) { $0 }.values.map(\.count).max() ?? 0 }
    /// Number of rows.
    var height: Int { (rows.max() ?? -1) + 1 }

    /// Lays boxes out.
    ///
    /// - Parameter inputs: The boxes that feed each box; each comes after its inputs.
    init(inputs: [[Int]]) {
        for feeders in inputs { rows.append((feeders.map { rows[$0] }.max() ?? -1) + 1) }
        offsets = [Double](repeating: 0, count: inputs.count)
        for row in 0..<height {
            let members = rows.indices.filter { rows[$0] == row }
            let wishes = members.map { box in (box, mean(inputs[box].map { offsets[$0] })) }
            let order = wishes.enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map(
                \.element.0)
            for (position, box) in order.enumerated() { offsets[box] = Double(position) - Double(order.count - 1) / 2 }
        }
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
}
