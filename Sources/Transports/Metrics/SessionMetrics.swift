// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
public import PipelineKit

/// Counts what happens in the sessions of a process.
///
/// Labels are names out of the pipeline file and of the framework, never anything that a caller sends.
public struct SessionMetrics: SessionObserver {
    private let store: MetricsStore
    private let frames: FrameMetrics

    /// Counts into a store.
    public init(_ store: MetricsStore) {
        self.store = store
        frames = FrameMetrics(store)
        // So that a dashboard sees zeros, and not nothing, before the first call.
        _ = store.number("active_calls", .gauge, [])
        _ = store.number("connection_errors_total", .counter, [])
        _ = store.histogram("turn_rtt_ms", [])
    }

    public func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        switch event {
        case .started:
            frames.began(call.id)
            store.number("active_calls", .gauge, []).add(1)
            store.number("calls_total", .counter, [("transport", call.transport)]).add(1)
        case .turn(let record): count(record)
        case .interruption: store.number("interruptions_total", .counter, []).add(1)
        case .error(let error):
            store.number(
                "pipeline_errors_total", .counter,
                [("processor", error.processor), ("category", error.category.rawValue)]
            ).add(1)
        case .ended(let report): count(report, of: call)
        default: break
        }
    }

    private func count(_ record: TurnRecord) {
        store.histogram("turn_rtt_ms", []).record(record.gap / .milliseconds(1))
        for part in record.parts {
            store.histogram("turn_part_ms", [("part", part.name)]).record(part.duration / .milliseconds(1))
        }
    }

    /// Takes up the counters of a call that goes on; asked for now and then, so that a long call is seen before its end.
    public func take(_ processors: [ProcessorStatistics], of call: String) { frames.take(processors, of: call) }

    private func count(_ report: SessionReport, of call: Call) {
        store.number("active_calls", .gauge, []).add(-1)
        store.number("calls_ended_total", .counter, [("reason", report.reason.name)]).add(1)
        frames.ended(call.id, report.processors)
    }
}
