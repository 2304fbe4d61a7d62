// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// All series of a process: counters, gauges and histograms, by name and labels.
///
/// Bounded: a name has at most `mostSeries` series, and there are at most `mostNames` names; what goes beyond is counted
/// under the label `overflow`, or not at all.
public final class MetricsStore: Sendable {
    /// What kind of metric a name is.
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    enum Series: Sendable {
        case number(MetricNumber)
        case histogram(MetricHistogram)
    }

    struct Family: Sendable {
        let kind: Kind
        var series: [MetricLabels: Series] = [:]
    }

    private static let mostNames = 500
    private static let mostSeries = 200
    private static let millisecondBounds: [Double] = [
        5, 10, 20, 50, 100, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000,
    ]
    private static let otherBounds: [Double] = [
        0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 50, 100, 500, 1000, 5000, 10_000,
    ]

    private let families = Mutex<[String: Family]>([:])

    /// Creates an empty store.
    public init() {}

    /// Every family, by name.
    var snapshot: [(name: String, family: Family)] {
        families.withLock { families in families.map { ($0.key, $0.value) } }.sorted { $0.0 < $1.0 }
    }

    /// A counter or gauge; made when it is asked for first.
    func number(_ name: String, _ kind: Kind, _ dimensions: [(String, String)]) -> MetricNumber {
        let series = series(name, kind, dimensions) { .number(MetricNumber()) }
        if case .number(let number) = series { return number }
        return MetricNumber()
    }

    /// A histogram; made when it is asked for first.
    func histogram(_ name: String, _ dimensions: [(String, String)]) -> MetricHistogram {
        let bounds = name.hasSuffix("_ms") ? Self.millisecondBounds : Self.otherBounds
        let series = series(name, .histogram, dimensions) { .histogram(MetricHistogram(bounds: bounds)) }
        if case .histogram(let histogram) = series { return histogram }
        return MetricHistogram(bounds: bounds)
    }

    /// A name that is there already as another kind gets a series that nobody sees, as does one too many.
    private func series(
        _ name: String, _ kind: Kind, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        families.withLock { families in
            if families[name] == nil, families.count >= Self.mostNames { return make() }
            var family = families[name] ?? Family(kind: kind)
            guard family.kind == kind else { return make() }
            var labels = MetricLabels(dimensions)
            if family.series[labels] == nil, family.series.count >= Self.mostSeries { labels = .overflow }
            let series = family.series[labels] ?? make()
            family.series[labels] = series
            families[name] = family
            return series
        }
    }
}
