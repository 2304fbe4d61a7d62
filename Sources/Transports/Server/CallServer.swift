// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import HummingbirdCore
public import Logging
import NIOCore
public import PipelineKit

/// Listens on one port and answers for the transports that are mounted there.
///
///     let server = try await CallServer.start(pipeline.document.server, port: 8080, loops: loops) { routes in
///         transport.mount(&routes, host)
///     }
///     ...
///     await server.stop()
public final class CallServer: Sendable {
    /// The port that the server listens on.
    public let port: Int
    private let site: ServerSite
    private let loops: LoopGroup
    private let server: Server<ServerChannel>
    private let running: Task<Void, any Error>

    private init(
        port: Int, _ site: ServerSite, _ loops: LoopGroup, _ server: Server<ServerChannel>,
        _ running: Task<Void, any Error>
    ) {
        self.port = port
        self.site = site
        self.loops = loops
        self.server = server
        self.running = running
    }

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - port: The port; 0 takes any that is free.
    ///   - loops: Where connections, and the sessions of their calls, live.
    ///   - metrics: Where refusals are counted.
    ///   - log: Where the operator reads what goes wrong.
    ///   - mount: Adds the routes.
    /// - Throws: ``CallServerError``.
    public static func start(
        _ settings: PipelineServer, port: Int, loops: LoopGroup, metrics: MetricsStore = MetricsStore(),
        log: Logger = Logger(label: "server"), mount: (inout ServerRoutes) -> Void
    ) async throws -> CallServer {
        var routes = ServerRoutes()
        mount(&routes)
        if let conflict = routes.conflicts.first {
            throw CallServerError(
                "two transports want \(conflict) on port \(port); give one of them another path or port")
        }
        let site = try ServerSite(settings, routes, loops: loops, metrics: metrics, log: log)
        let group = loops.eventLoopGroup
        let bound = group.next().makePromise(of: Int.self)
        let server = Server(
            childChannelSetup: ServerChannel(site: site),
            configuration: ServerConfiguration(address: .hostname(settings.host, port: port), backlog: 1024),
            onServerRunning: { bound.succeed($0.localAddress?.port ?? port) }, eventLoopGroup: group,
            logger: Logger(label: "server") { _ in SwiftLogNoOpLogHandler() })
        let running = Task {
            do {
                try await server.run()
            } catch {
                bound.fail(CallServerError(binding: settings.host, port, error))
                throw error
            }
        }
        return CallServer(port: try await bound.futureResult.get(), site, loops, server, running)
    }

    /// The address of the server, as seen from this machine.
    public var url: String {
        let host = ["0.0.0.0", "::"].contains(site.settings.host) ? "localhost" : site.settings.host
        let scheme = site.settings.tls == nil ? "http" : "https"
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Takes no new calls any more; those that are there go on.
    public func drain() { site.drain() }

    /// Connections that are there.
    public var connectionCount: Int { site.connectionCount }

    /// What connections are encrypted with, if they are.
    var certificate: LiveCertificate? { site.certificate }

    /// Whether new calls are refused.
    public var isDraining: Bool { site.isDraining }

    /// Stops listening, lets answers that are under way go out for `grace`, and closes every connection; returns when
    /// they are gone.
    public func stop(grace: Duration = .seconds(2)) async {
        site.drain()
        let end = loops.eventLoopGroup.next().scheduleTask(in: TimeAmount(grace)) { [site] in site.closeAll() }
        try? await server.shutdownGracefully()
        _ = await running.result
        end.cancel()
    }
}

/// A server could not be started.
public struct CallServerError: Error, Equatable, CustomStringConvertible {
    /// What happened and what to do.
    public let description: String

    init(_ description: String) { self.description = description }

    init(binding host: String, _ port: Int, _ error: any Error) {
        let place = "\(host):\(port)"
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            description = "\(place) is taken by another program; stop it, or set another 'port' at the transport"
        case EACCES: description = "\(place) needs more rights; ports below 1024 belong to the system"
        case EADDRNOTAVAIL: description = "'\(host)' is no address of this machine; see server.host"
        default: description = "cannot listen on \(place): \(error)"
        }
    }
}
