// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit

/// Makes a ``ServerRequest`` of what came over a connection: checks the head, and finds out who asks and where.
struct RequestReader: Sendable {
    private let settings: PipelineServer
    private let isSecure: Bool
    private let allowedHosts: AllowedHosts

    /// Creates a reader.
    init(_ settings: PipelineServer) {
        self.settings = settings
        isSecure = settings.tls != nil
        allowedHosts = AllowedHosts(settings)
    }

    /// Checks what can be checked before the body has come.
    ///
    /// - Parameter peer: The other end of the connection.
    /// - Throws: ``ServerError`` with what is wrong.
    func check(_ head: HTTPRequestHead, from peer: IPAddress) throws(ServerError) {
        let hosts = head.headers["host"]
        guard hosts.count == 1 || (hosts.isEmpty && head.version == .http1_0) else {
            throw ServerError(.badRequest, "a request has one Host header")
        }
        guard hosts.allSatisfy({ PublicURL.isAuthority($0) }) else {
            throw ServerError(.badRequest, "the Host header is malformed")
        }
        // A proxy that is trusted tells what its client has asked for, and asks itself by any name it likes.
        let route = ProxyRoute(head.headers, peer: peer, trusted: settings.trustedProxies)
        if let asked = route.host ?? hosts.first { try allowedHosts.check(asked) }
        guard head.uri.hasPrefix("/"), head.uri.utf8.allSatisfy({ (0x21...0x7E).contains($0) || $0 >= 0x80 }) else {
            throw ServerError(.badRequest, "the request's target is no path")
        }
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > settings.bodyBytes {
            throw Self.tooLarge(settings)
        }
    }

    /// A body is longer than `body_bytes`.
    static func tooLarge(_ settings: PipelineServer) -> ServerError {
        ServerError(.payloadTooLarge, "a body may have \(settings.bodyBytes) bytes; see server.body_bytes")
    }

    /// The request.
    func request(
        _ head: HTTPRequestHead, body: ByteBuffer, from peer: IPAddress, on eventLoop: any EventLoop
    ) -> ServerRequest {
        let route = ProxyRoute(head.headers, peer: peer, trusted: settings.trustedProxies)
        let path = head.uri.prefix { $0 != "?" }
        let host = head.headers.first(name: "host") ?? "localhost"
        let seen = PublicURL(isSecure: route.isSecure ?? isSecure, authority: route.host ?? host)
        return ServerRequest(
            method: head.method, path: PercentEncoding.decoded(path.utf8), target: head.uri,
            query: ServerFields(encoded: head.uri.utf8.dropFirst(path.utf8.count + 1)), headers: head.headers,
            body: body, pathParameters: [:], clientAddress: route.client, publicBase: settings.publicURL ?? seen,
            isForwarded: route.isForwarded, eventLoop: eventLoop)
    }
}
