// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Transports

/// The servers of a run: one for each port that its transports name.
struct ServerGroup {
    /// What the servers tell about the run.
    struct Status {
        /// The calls.
        let directory = CallDirectory()
        /// Whoever follows them.
        let audience = CallAudience()
        /// The metrics.
        let metrics = ProcessMetrics.store
        /// Knows the calls that the directory has forgotten.
        var archive: (any CallArchive)?
        /// Whether to add the endpoints for conformance suites.
        var hasDiagnostics = false

        /// Counts what happens in the sessions.
        let sessions = SessionMetrics(ProcessMetrics.store)

        /// Watches the sessions for all of them.
        var observer: any SessionObserver { SessionObservers([directory, sessions]) }
    }

    private let servers: [CallServer]

    /// Starts the servers that transports need.
    ///
    /// - Throws: ``CallServerError``; none of the servers runs then.
    static func start(
        _ transports: [any Transport], of pipeline: Pipeline, _ host: SessionHost, mountedOn callHost: any CallHost,
        loops: LoopGroup, status: Status
    ) async throws -> ServerGroup {
        let served = transports.compactMap { $0 as? any ServedTransport }
        let callHost = status.audience.watching(callHost)
        var group = ServerGroup(servers: [])
        do {
            for port in Set(served.map(\.port)).sorted() {
                let server = try await CallServer.start(
                    pipeline.document.server, port: port, loops: loops, metrics: status.metrics
                ) { table in
                    let transports = served.filter { $0.port == port }
                    for transport in transports { transport.mount(&table, callHost) }
                    StatusRoutes(
                        status.directory, status.metrics, archive: status.archive,
                        placesCalls: transports.contains { $0.placesCalls }
                    ) { host.isDraining }.mount(&table)
                    status.audience.mount(&table)
                    if status.hasDiagnostics { DiagnosticsEcho.mount(&table) }
                }
                group = ServerGroup(servers: group.servers + [server])
            }
        } catch {
            await group.stop()
            throw error
        }
        return group
    }

    /// The addresses of the servers.
    var urls: [String] { servers.map(\.url) }

    /// Takes no new calls any more.
    func drain() {
        for server in servers { server.drain() }
    }

    /// Closes everything; returns when it is closed.
    func stop() async {
        for server in servers { await server.stop() }
    }
}
