// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The labels of one series.
struct MetricLabels: Hashable, Sendable {
    /// Names and values, sorted by name.
    let pairs: [[String]]

    /// Sorts labels.
    init(_ dimensions: [(String, String)]) { pairs = dimensions.map { [$0.0, $0.1] }.sorted { $0[0] < $1[0] } }

    /// Where values go for which there is no room.
    static let overflow = MetricLabels([("overflow", "true")])
}

/// A number that grows, or goes up and down.
final class MetricNumber: Sendable {
    private let value = Mutex(0.0)

    /// The number now.
    var current: Double { value.withLock { $0 } }

    /// Changes it.
    func add(_ amount: Double) { value.withLock { $0 += amount } }
    /// Replaces it.
    func set(_ new: Double) { value.withLock { $0 = new } }
}

/// How often values fell below each of some bounds.
final class MetricHistogram: Sendable {
    /// Counts at a moment.
    struct Counts {
        /// Values in each bucket; the last one is for those above every bound.
        var buckets: [Int]
        /// The sum of all values.
        var sum = 0.0
    }

    /// The bounds, in ascending order.
    let bounds: [Double]
    private let counts: Mutex<Counts>

    /// Creates an empty histogram.
    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Mutex(Counts(buckets: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// The counts now.
    var current: Counts { counts.withLock { $0 } }

    /// Counts a value.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts.withLock { counts in
            counts.buckets[index] += 1
            counts.sum += value
        }
    }
}
