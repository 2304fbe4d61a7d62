// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// `runner bench core`: the figures that the project promises, measured on this machine.
struct CoreBench {
    /// One figure.
    struct Figure {
        /// The key in JSON.
        let key: String
        /// What it is.
        let title: String
        /// The value; `nil` where it cannot be measured here.
        let value: Double?
        /// The unit, for people.
        let unit: String
        /// What the specification asks for, in words.
        let target: String
    }

    /// Measures everything; says what it is at, because it takes a minute or two.
    static func run(progress: (String) -> Void) async throws -> [Figure] {
        var figures: [Figure] = []
        func add(
            _ key: String, _ title: String, _ unit: String, _ target: String, _ measure: () async throws -> Double?
        ) async throws {
            progress(title)
            figures.append(Figure(key: key, title: title, value: try await measure(), unit: unit, target: target))
        }
        try await add("idle_session_kib", "memory of an idle session", "KiB", "<= 12") {
            try RuntimeBench.idleSessionKiB()
        }
        try await add("hop_ns", "a frame through a processor", "ns", "<= 10") { try RuntimeBench.hopNanoseconds() }
        try await add("hop_allocations", "allocations on that way", "", "0") { try RuntimeBench.hopAllocations() }
        try await add("queue_ns", "a frame across a queue", "ns", "<= 150") { try RuntimeBench.queueNanoseconds() }
        try await add("interruption_p99_ms", "interruption to sink, 1000 sessions, p99", "ms", "<= 0.2") {
            try await InterruptionBench.p99Milliseconds()
        }
        try await add("silero_window_us", "Silero, one window of 32 ms", "us", "<= 20") {
            SignalBench.sileroWindowMicroseconds()
        }
        try await add("resample_us_per_second", "resampling a second, 8 to 16 kHz", "us", "") {
            try SignalBench.resampleMicrosecondsPerSecond()
        }
        try await add("start_ms", "start of the binary to the first frame answered", "ms", "<= 100") {
            try StartBench.milliseconds()
        }
        try await add("sessions_per_core_energy", "phone calls on a core, energy detector", "", ">= 5000") {
            Double(try await DensityBench.sessionsPerCore(.energy).sessions)
        }
        try await add("sessions_per_core_silero", "phone calls on a core, Silero", "", ">= 1000") {
            guard SignalBench.hasSilero else { return nil }
            return Double(try await DensityBench.sessionsPerCore(.silero).sessions)
        }
        return figures
    }
}
