// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization
import Transports

/// `runner bench FILE`: what the stages of a pipeline cost, and how fast its replies come.
struct PipelineBench {
    /// What came of it.
    struct Report {
        /// Calls that ran at once.
        var calls: Int
        /// CPU seconds that a second of one call took.
        var load: Double
        /// The breakdown of every turn of every call.
        var turns: [TurnRecord]
        /// The counters of the first call.
        var processors: [ProcessorStatistics]

        /// Calls that a core carries, as far as CPU time decides; those that were run are no more than an example.
        var callsPerCore: Int { load > 0 ? Int(1 / load) : 0 }
    }

    let pipeline: Pipeline
    let input: String
    let calls: Int
    let isVirtual: Bool

    /// Runs the calls, all at once, each with the recording as its caller.
    func run() async throws -> Report {
        let observer = Collector()
        let start = Stopwatch.cpu
        if isVirtual {
            let loop = SessionLoop.virtual()
            let host = SessionHost(pipeline, observer: observer) { loop }
            try loop.runToCompletion { try await serve(host, on: loop) }
        } else {
            let group = LoopGroup()
            let host = SessionHost(pipeline, observer: observer) { group.leastLoaded() }
            try await serve(host, on: nil)
            try await group.shutDown()
        }
        let seconds = (Stopwatch.cpu - start) / 1e9
        let (turns, reports) = observer.collected
        let length = reports.reduce(0) { $0 + $1.duration.milliseconds / 1000 }
        return Report(
            calls: calls, load: length > 0 ? seconds / length : 0, turns: turns,
            processors: reports.first?.processors ?? [])
    }

    private func serve(_ host: SessionHost, on loop: SessionLoop?) async throws {
        let named = pipeline.transports.lazy.compactMap { $0 as? FileTransport }.first
        let transport = (named ?? FileTransport(.template)).playing(FileReference(input), output: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<calls { group.addTask(executorPreference: loop) { try await transport.run(host) } }
            try await group.waitForAll()
        }
    }

    private final class Collector: SessionObserver {
        private let state = Mutex<(turns: [TurnRecord], reports: [SessionReport])>(([], []))

        var collected: (turns: [TurnRecord], reports: [SessionReport]) { state.withLock { $0 } }

        func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
            state.withLock { state in
                switch event {
                case .turn(let record): state.turns.append(record)
                case .ended(let report): state.reports.append(report)
                default: break
                }
            }
        }
    }
}
