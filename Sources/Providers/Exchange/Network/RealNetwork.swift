// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
package import PipelineKit
import WebSockets

/// The network: pooled HTTP connections of the process, and sockets on the session's own loop.
package final class RealNetwork: ProviderNetwork {
    /// The process's network.
    package static let shared = RealNetwork()

    /// A name, a TCP connection and its encryption take longer only when something is wrong.
    static let connectTimeout = Duration.seconds(3)

    package let breakers = CircuitBreakers()
    private let client: HTTPClient

    /// Creates a network with a pool of its own, which stays until the process ends.
    private init() {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: TimeAmount(Self.connectTimeout))
        // A key must not follow a redirect to somebody else.
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.connectionPool.idleTimeout = .seconds(60)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        // It would hide a refused connection until the whole time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration)
    }

    nonisolated(nonsending) package func send(
        _ request: ProviderRequest, _ output: ServiceOutput
    ) async throws -> ProviderResponse {
        guard output.loop?.isVirtual == false else { throw Self.noNetwork(output) }
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if request.body.readableBytes > 0 { outgoing.body = .bytes(request.body) }
        do {
            // Time is kept by whoever asks: this deadline would end with the head of the answer.
            let response = try await client.execute(outgoing, deadline: .distantFuture)
            try Task.checkCancellation()
            return ProviderResponse(
                status: Int(response.status.code),
                headers: response.headers.map { ($0.name.lowercased(), $0.value) }, body: RealBody(response.body))
        } catch {
            throw Self.failure(error, request.authority)
        }
    }

    nonisolated(nonsending) package func connect(
        _ request: ProviderRequest, _ output: ServiceOutput
    ) async throws -> any ProviderSocket {
        guard let loop = output.loop, let eventLoop = loop.eventLoop else { throw Self.noNetwork(output) }
        let inbox = SocketInbox(loop)
        do {
            let socket = try await WebSocketClient.connect(
                url: request.url, headers: HTTPHeaders(request.headers.map { ($0.name, $0.value) }),
                limits: RealSocket.limits, timeout: .seconds(10), on: eventLoop, makeHandler: { _ in inbox })
            let opened = RealSocket(socket, inbox)
            try Task.checkCancellation()
            return opened
        } catch {
            throw Self.failure(error, request.authority)
        }
    }

    nonisolated(nonsending) package func dial(
        _ host: String, port: Int, _ output: ServiceOutput
    ) async throws -> any ProviderStream {
        guard let loop = output.loop, let eventLoop = loop.eventLoop else { throw Self.noNetwork(output) }
        do {
            let stream = try await RealStream.connect(host, port, loop, eventLoop)
            try Task.checkCancellation()
            return stream
        } catch {
            throw Self.failure(error, "\(host):\(port)")
        }
    }

    private static func noNetwork(_ output: ServiceOutput) -> any Error {
        guard output.loop != nil else { return CancellationError() }
        return ProviderError(
            .permanent, "there is no network in virtual time; run with the doubles, or with the real clock")
    }
}

extension ProviderRequest {
    /// Host and port, for messages: neither a user nor a path, which may bear secrets.
    package var authority: String {
        guard let scheme = url.firstRange(of: "://") else { return "the provider" }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        return host.isEmpty ? "the provider" : String(host)
    }
}
