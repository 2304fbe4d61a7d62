// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOHTTP1
import PipelineKit
import Synchronization
import WebSockets

/// What all connections of one listener share: the rules, the routes, and whether the server is being wound up.
final class ServerSite: Sendable {
    let settings: PipelineServer
    let reader: RequestReader
    /// What connections are encrypted with, if they are.
    let certificate: LiveCertificate?
    /// Time that a route may take.
    let answerTimeout = Duration.seconds(60)
    private let routes: ServerRoutes
    private let loops: LoopGroup
    private let metrics: MetricsStore
    private let keys: APIKeys
    private let gate: ConnectionGate
    private let limiter: Mutex<TokenBuckets>
    private let log: Logger
    private let draining = Atomic(false)

    init(
        _ settings: PipelineServer, _ routes: ServerRoutes, loops: LoopGroup, metrics: MetricsStore, log: Logger
    ) throws {
        self.settings = settings
        self.routes = routes
        self.loops = loops
        self.metrics = metrics
        self.log = log
        reader = RequestReader(settings)
        certificate = try settings.tls.map { try LiveCertificate($0, log: log) }
        keys = APIKeys(settings.apiKeys)
        gate = ConnectionGate(most: settings.connections, mostPerClient: settings.connectionsPerClient)
        limiter = Mutex(TokenBuckets(perMinute: settings.requestsPerMinute))
    }

    // MARK: Connections

    /// Connections that are there.
    var connectionCount: Int { gate.count }

    /// Whether a connection may come in.
    func admits(_ channel: any Channel, from peer: IPAddress) -> Bool {
        guard let refusal = gate.enter(channel, from: peer) else { return true }
        metrics.number("connection_errors_total", .counter, [("reason", "connections_\(refusal.rawValue)")]).add(1)
        return false
    }

    /// Closes whatever is there, at once.
    func closeAll() { gate.closeAll() }

    /// Whether calls are only finished, and none begun.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// Begins to finish.
    func drain() { draining.store(true, ordering: .relaxed) }

    /// Counts a request that was not answered as its client hoped.
    func refused(_ status: HTTPResponseStatus) {
        metrics.number("connection_errors_total", .counter, [("reason", "http_\(status.code)")]).add(1)
    }

    // MARK: Requests

    /// Has a request answered by its route, on the connection's thread where that is one of the sessions' loops.
    func answer(
        _ request: ServerRequest, _ head: HTTPRequestHead, _ done: @escaping @Sendable (ServerOutcome) -> Void
    )
        -> Task<Void, Never>
    {
        Task(executorPreference: loops.loop(of: request.eventLoop)) { done(await self.outcome(request, head)) }
    }

    private func outcome(_ request: ServerRequest, _ head: HTTPRequestHead) async -> ServerOutcome {
        let client = ClientKey(request.clientAddress)
        var isCharged = false
        var route = "none"
        do {
            let wantsWebSocket = WebSocketUpgrade.isAsked(head)
            let path = String(request.target.prefix { $0 != "?" })
            try checkRate(client)
            let found = try routes.find(request.method, path, wantsWebSocket: wantsWebSocket)
            route = found.path
            var request = request
            request.pathParameters = found.parameters
            switch found.action {
            case .http(access: .custom, let handler):
                // A carrier has few addresses for all its calls: who proves to be one is not slowed down.
                let response = try await handler(request)
                if response.status.code >= 400 {
                    _ = charge(client)
                    refused(response.status)
                }
                return .response(response)
            case .http(let access, let handler):
                isCharged = charge(client)
                if access == .apiKey { try keys.check(request) }
                return .response(try await handler(request))
            case .webSocket(let access, let limits, let acceptor):
                if access == .apiKey { try keys.check(request) }
                return .webSocket(try await open(request, head, limits, acceptor))
            }
        } catch {
            let told = Self.serverError(error)
            if told.status == .internalServerError { report(error, request, route) }
            if !isCharged { _ = charge(client) }
            refused(told.status)
            return .response(told.response)
        }
    }

    /// Tells the operator why a route failed: with the route's pattern, as paths name calls and queries numbers.
    private func report(_ error: any Error, _ request: ServerRequest, _ route: String) {
        log.error(
            "a route failed to answer",
            metadata: [
                "method": "\(request.method.rawValue)", "route": "\(route)", "type": "\(type(of: error))",
                "cause": "\(FailureCause.text(error))",
            ])
    }

    private func checkRate(_ client: ClientKey) throws(ServerError) {
        guard let delay = limiter.withLock({ $0.delay(client, at: Self.now) }) else { return }
        throw ServerError(
            .tooManyRequests,
            "more than \(settings.requestsPerMinute) requests in a minute; see server.requests_per_minute",
            headers: ["retry-after": String(delay.components.seconds + 1)])
    }

    private func charge(_ client: ClientKey) -> Bool {
        limiter.withLock { $0.take(client, at: Self.now) }
        return true
    }

    private static var now: Duration { .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)) }

    private func open(
        _ request: ServerRequest, _ head: HTTPRequestHead, _ limits: WebSocketLimits, _ acceptor: ServerRoutes.Acceptor
    ) async throws -> WebSocketOpening {
        let upgrade = try WebSocketUpgrade(head)
        if isDraining { throw Self.shuttingDown }
        switch await acceptor(request) {
        case .refuse(let status, let message): throw ServerError(status, message)
        case .accept(let subprotocol, let headers, let makeHandler):
            return WebSocketOpening(
                head: upgrade.response(subprotocol: subprotocol, headers: headers), subprotocol: subprotocol,
                limits: limits, makeHandler: makeHandler)
        }
    }

    private static let shuttingDown = ServerError(
        .serviceUnavailable, "the server is shutting down", headers: ["retry-after": "30"])

    /// What a client is told of whatever a route threw; nothing of the inside.
    private static func serverError(_ error: any Error) -> ServerError {
        switch error {
        case let error as ServerError: error
        case let error as WebSocketUpgrade.Refusal: ServerError(error.status, error.message, headers: error.headers)
        case let error as CallRefused: ServerError(.serviceUnavailable, error.reason, headers: ["retry-after": "30"])
        default: ServerError(.internalServerError, "the server failed to answer")
        }
    }
}
