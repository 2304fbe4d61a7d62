// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Passes every frame on: what is left is the runtime.
struct BenchPass: Processor {
    static let name = "bench_pass"
    static let summary = "Passes every frame on."

    private var count = 0

    init(_ parameters: NoParameters) {}

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        count &+= 1
        context.emit(frame)
    }
}

/// Passes every frame on, as a service.
final class BenchService: Service {
    static let name = "bench_service"
    static let summary = "Passes every frame on, as a service."

    init(_ parameters: NoParameters) {}

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await output.emit(frame)
    }
}

/// Takes a reply frame and never comes to an end with it unless it is cancelled, as a model that is slow to answer.
final class BenchStuckService: Service {
    static let name = "bench_stuck"
    static let summary = "Works on a frame until it is cancelled."
    static let queue = QueueSettings(capacity: 256)

    init(_ parameters: NoParameters) {}

    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        try await output.sleep(for: .seconds(3600))
    }
}

/// Emits 20 ms of audio every 20 ms, on time, as a telephone line does; begins anew when the recording ends.
struct BenchLine: Processor {
    static let name = "bench_line"
    static let summary = "Emits 20 ms of audio every 20 ms."

    private static let period = Duration.milliseconds(20)
    private let frames: [Audio]
    private var position: Int
    private var due: MediaTime

    init(_ parameters: NoParameters) { self.init([], position: 0, phase: .zero) }

    /// - Parameters:
    ///   - frames: The recording in frames of 20 ms, shared by all lines.
    ///   - position: The frame to begin with.
    ///   - phase: When the first frame is due.
    init(_ frames: [Audio], position: Int, phase: Duration) {
        self.frames = frames
        self.position = position
        due = MediaTime.zero + phase
    }

    mutating func start(_ context: inout ProcessorContext) { context.wake(at: due) }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }

    mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        if !frames.isEmpty { context.emit(frames[position % frames.count], at: due) }
        position += 1
        due += Self.period
        context.wake(at: due)
    }
}

/// Notes how late each frame of audio arrives after its media time.
struct BenchSink: Processor {
    static let name = "bench_sink"
    static let summary = "Notes how late each frame arrives."

    /// Time at the start of a session that does not count.
    static let warmUp = Duration.milliseconds(500)

    private let lateness: Lateness?

    init(_ parameters: NoParameters) { lateness = nil }
    init(_ lateness: Lateness) { self.lateness = lateness }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard context.now.nanoseconds > Self.warmUp.nanoseconds else { return }
        lateness?.note(context.now - frame.mediaTime)
    }
}

/// A histogram of latenesses, in steps of 0.1 ms up to a second.
///
/// `@unchecked Sendable`: noted on one loop; read when the sessions have ended.
final class Lateness: @unchecked Sendable {
    private var counts = [Int](repeating: 0, count: 10_001)

    func note(_ lateness: Duration) {
        counts[min(max(0, Int(lateness.nanoseconds / 100_000)), 10_000)] += 1
    }

    /// Milliseconds that a share of the frames does not exceed.
    func percentile(_ ratio: Double) -> Double {
        let total = counts.reduce(0, +)
        var seen = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if Double(seen) >= ratio * Double(total) { return Double(index + 1) / 10 }
        }
        return 1000
    }
}
