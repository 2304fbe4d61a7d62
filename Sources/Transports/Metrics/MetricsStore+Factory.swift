// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import CoreMetrics

/// The store behind swift-metrics: whatever a program counts by that library is here too.
extension MetricsStore: MetricsFactory {
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Handler(number(label, .counter, dimensions))
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        Handler(number(label, .counter, dimensions))
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        Handler(number(label, .gauge, dimensions))
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? Recorder(histogram(label, dimensions)) : Handler(number(label, .gauge, dimensions))
    }

    /// Times are kept in seconds, as is the custom in Prometheus.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Recorder(histogram("\(label)_seconds", dimensions))
    }

    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}

/// Hands numbers on to a series.
private final class Handler: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler {
    private let number: MetricNumber

    init(_ number: MetricNumber) { self.number = number }

    func increment(by amount: Int64) { number.add(Double(amount)) }
    func increment(by amount: Double) { number.add(amount) }
    func decrement(by amount: Double) { number.add(-amount) }
    func set(_ value: Int64) { number.set(Double(value)) }
    func set(_ value: Double) { number.set(value) }
    func record(_ value: Int64) { number.set(Double(value)) }
    func record(_ value: Double) { number.set(value) }
    func reset() { number.set(0) }
}

/// Hands values on to a histogram.
private final class Recorder: RecorderHandler, TimerHandler {
    private let histogram: MetricHistogram

    init(_ histogram: MetricHistogram) { self.histogram = histogram }

    func record(_ value: Int64) { histogram.record(Double(value)) }
    func record(_ value: Double) { histogram.record(value) }
    func recordNanoseconds(_ duration: Int64) { histogram.record(Double(duration) / 1e9) }
}
