// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// Adds up the frames of all calls, by processor: a call's counters are taken up while it runs and once more at its end.
final class FrameMetrics: Sendable {
    /// What has been taken up of one counter.
    private struct Key: Hashable {
        var name: String
        var processor: String
        var reason: String?
    }

    private let store: MetricsStore
    private let taken = Mutex<[String: [Key: Int]]>([:])

    init(_ store: MetricsStore) { self.store = store }

    /// A call has begun.
    func began(_ call: String) { taken.withLock { $0[call] = [:] } }

    /// Takes up the counters of a call; of one that is over, or unknown, nothing.
    func take(_ processors: [ProcessorStatistics], of call: String) {
        taken.withLock { taken in
            guard let before = taken[call] else { return }
            taken[call] = add(processors, before)
        }
    }

    /// A call is over; its last counters.
    func ended(_ call: String, _ processors: [ProcessorStatistics]) {
        taken.withLock { taken in _ = add(processors, taken.removeValue(forKey: call) ?? [:]) }
    }

    private func add(_ processors: [ProcessorStatistics], _ before: [Key: Int]) -> [Key: Int] {
        var counts: [Key: Int] = [:]
        for processor in processors {
            counts[Key(name: "frames_in_total", processor: processor.id)] = processor.framesIn
            counts[Key(name: "frames_out_total", processor: processor.id)] = processor.framesOut
            for (reason, count) in processor.framesDropped {
                counts[Key(name: "frames_dropped_total", processor: processor.id, reason: reason)] = count
            }
        }
        for (key, count) in counts {
            let dimensions = [("processor", key.processor)] + (key.reason.map { [("reason", $0)] } ?? [])
            store.number(key.name, .counter, dimensions).add(Double(max(0, count - before[key, default: 0])))
        }
        // A look that was overtaken by a later one takes nothing back.
        return before.merging(counts) { max($0, $1) }
    }
}
