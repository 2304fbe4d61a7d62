// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Says once what goes wrong silently: frames that are dropped, queues that grow old.
struct DropWatch {
    private static let oldest = Duration.milliseconds(500)

    private var known: [String: Int] = [:]

    /// Warnings about what is new since the last look.
    mutating func warnings(_ statistics: [ProcessorStatistics]) -> [String] {
        statistics.flatMap { processor -> [String] in
            var warnings: [String] = []
            // Frames of replies that were cut are dropped as they should be.
            for (reason, count) in processor.framesDropped.sorted(by: { $0.key < $1.key }) where reason != "stale" {
                if rises("\(processor.id) \(reason)", to: count) {
                    warnings.append("\(processor.id) has dropped \(count) frames (\(reason))")
                }
            }
            // Replies wait for the speaker, as they should.
            let age = processor.queuePolicy == .block ? .zero : processor.queueAge ?? .zero
            if rises("\(processor.id) age", to: age >= Self.oldest ? Int(age / Self.oldest) : 0) {
                warnings.append(
                    "\(processor.queueDepth) frames wait before \(processor.id), the first for \(age.shownMilliseconds)"
                )
            }
            return warnings
        }
    }

    /// Whether a figure has at least doubled since it was last told.
    private mutating func rises(_ key: String, to value: Int) -> Bool {
        guard value > 0, value >= 2 * known[key, default: 0] else { return false }
        known[key] = value
        return true
    }
}
