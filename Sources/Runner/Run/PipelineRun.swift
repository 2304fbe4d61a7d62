// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CallRecords
import PipelineKit
import Transports

/// Runs the transports of a pipeline until there are no more calls, or somebody asks to stop.
///
/// The first wish lets every call finish what is under way, within the pipeline's `drain` limit; the second cancels them;
/// the third ends the process.
struct PipelineRun {
    /// The pipeline.
    let pipeline: Pipeline
    /// Where its calls come from.
    let transports: [any Transport]
    /// Whether time is virtual.
    let isVirtual: Bool
    /// Event loops; 0 for one per core.
    let loops: Int
    /// Where progress is printed.
    let output: Output
    /// Receives what the sessions report.
    let events: RunEvents
    /// Writes what remains of the calls, if anything does.
    var records: CallRecordsWriter?
    /// Whether servers have the endpoints for conformance suites.
    var hasDiagnostics = false
    /// What is done once calls are taken, and ends the run; `nil` to take calls until somebody asks to stop.
    var errand: (@Sendable () async throws -> Void)?

    /// Runs; returns when every session is over and everything is released.
    ///
    /// - Parameter printer: Is told now and then what processors have lost.
    /// - Throws: What a transport throws.
    func run(watchedBy printer: RunPrinter) async throws {
        let signals = StopSignals()
        defer { signals.stop() }
        if isVirtual { return try runVirtual(signals) }
        let group = LoopGroup(count: loops)
        let status = ServerGroup.Status(archive: records, hasDiagnostics: hasDiagnostics)
        let host = SessionHost(pipeline, observer: SessionObservers(observers + [status.observer]), on: group)
        let watched = WatchedHost(host)
        let watching = Task { await watch(watched, printer, status.sessions) }
        let result: Result<Void, any Error>
        do {
            result = .success(try await serve(host, watched, signals, on: group, status))
        } catch {
            result = .failure(error)
        }
        watching.cancel()
        await watching.value
        // What was abandoned may never let go of its thread; the process ends all the same.
        try await group.shutDown(within: pipeline.document.limits.cancel)
        try result.get()
    }

    /// Takes calls also from servers, where a transport needs one.
    private func serve(
        _ host: SessionHost, _ watched: WatchedHost, _ signals: StopSignals, on loops: LoopGroup,
        _ status: ServerGroup.Status
    ) async throws {
        let servers = try await ServerGroup.start(
            transports, of: pipeline, host, mountedOn: watched, loops: loops, status: status)
        for url in servers.urls { output.note("Listening on \(url)") }
        let result: Result<Void, any Error>
        do {
            result = .success(try await serve(host, watched, signals, on: nil) { servers.drain() })
        } catch {
            result = .failure(error)
        }
        await servers.stop()
        try result.get()
    }

    private var observers: [any SessionObserver] { [events] + (records.map { [$0] } ?? []) }

    private func watch(_ host: WatchedHost, _ printer: RunPrinter, _ metrics: SessionMetrics) async {
        while (try? await Task.sleep(for: .milliseconds(500))) != nil {
            let figures = await host.figures()
            for (call, figures) in figures { metrics.take(figures.processors, of: call) }
            await printer.show(figures)
        }
    }

    private func runVirtual(_ signals: StopSignals) throws {
        let loop = SessionLoop.virtual()
        let host = SessionHost(pipeline, observer: SessionObservers(observers)) { loop }
        try loop.runToCompletion { try await serve(host, host, signals, on: loop) }
    }

    private func serve(
        _ host: SessionHost, _ callHost: any CallHost, _ signals: StopSignals, on loop: SessionLoop?,
        whenStopping: @escaping @Sendable () -> Void = {}
    ) async throws {
        let work = Task(executorPreference: loop) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for transport in transports { group.addTask { try await transport.run(callHost) } }
                if let errand {
                    group.addTask {
                        try await errand()
                        throw CancellationError()
                    }
                }
                do {
                    try await group.waitForAll()
                } catch {
                    // The other transports wait for their sessions, which nobody else would end.
                    await host.end(.shutdown)
                    throw error
                }
            }
        }
        let stopping = Task { await obey(signals, host, work, whenStopping) }
        defer { stopping.cancel() }
        let result = await work.result
        await host.ended()
        do { try result.get() } catch is CancellationError {}
    }

    private func obey(
        _ signals: StopSignals, _ host: SessionHost, _ work: Task<Void, any Error>, _ whenStopping: () -> Void
    ) async {
        for await wish in signals.wishes {
            let calls = host.sessionCount
            let number = calls == 1 ? "1 call" : "\(calls) calls"
            if wish == 1 {
                output.note("Stopping: \(number) may finish what is under way. Once more to cancel.")
                whenStopping()
                work.cancel()
                await host.end(.shutdown)
            } else {
                output.note("Cancelling \(number). Once more to end the process at once.")
                await host.end(.cancelled)
            }
        }
    }
}
