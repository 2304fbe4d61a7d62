// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Counts durations in steps of a tenth of a millisecond, up to two seconds; longer ones count as two seconds.
public struct LatencyHistogram: Sendable, Hashable {
    private static let size = 20_001
    private var counts: [Int: Int] = [:]

    /// Creates an empty histogram.
    public init() {}

    /// Adds a duration; a negative one counts as none.
    public mutating func add(_ duration: Duration) {
        counts[min(max(0, Int(duration.nanoseconds / 100_000)), Self.size - 1), default: 0] += 1
    }

    /// Adds what another has counted.
    public mutating func add(_ other: LatencyHistogram) { counts.merge(other.counts, uniquingKeysWith: +) }

    /// How many durations were added.
    public var count: Int { counts.values.reduce(0, +) }

    /// Milliseconds that a share of the durations does not exceed; `nil` when there are none.
    public func milliseconds(atShare share: Double) -> Double? {
        let wanted = share * Double(count)
        var seen = 0
        for (step, count) in counts.sorted(by: { $0.key < $1.key }) {
            seen += count
            if Double(seen) >= wanted { return Double(step + 1) / 10 }
        }
        return nil
    }
}

extension LatencyHistogram {
    /// The counts by step, for another process.
    public var json: JSONValue {
        .object(counts.sorted { $0.key < $1.key }.map { .init(String($0.key), .integer($0.value)) })
    }

    /// Reads what ``json`` gave; whatever does not fit is left out.
    public init(_ json: JSONValue?) {
        for member in json?.members ?? [] {
            guard let step = Int(member.key), (0..<Self.size).contains(step), let count = member.value.integer else {
                continue
            }
            counts[step, default: 0] += max(0, count)
        }
    }
}
