// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import NIOHTTP1
public import PipelineKit

/// A request as a route sees it: whole, within every limit, and with its client's true address.
public struct ServerRequest: Sendable {
    /// GET, POST ...
    public var method: HTTPMethod
    /// The path, decoded; without the query.
    public var path: String
    /// Path and query exactly as they were sent.
    public var target: String
    /// The query, decoded.
    public var query: ServerFields
    /// The headers.
    public var headers: HTTPHeaders
    /// The body.
    public var body: ByteBuffer
    /// What stood in the path where the route has `{name}`.
    public var pathParameters: [String: String]
    /// Who asks: the address before all trusted proxies.
    public var clientAddress: IPAddress
    /// The address under which the client reached the server: `public_url`, or what a trusted proxy says, or the `Host`
    /// header.
    public var publicBase: PublicURL
    /// Whether the request came through a proxy, trusted or not.
    public var isForwarded: Bool
    /// The loop of the connection.
    public var eventLoop: any EventLoop

    /// The whole address that the client asked for, as it was sent.
    public var publicURL: String { "\(publicBase)\(target)" }

    /// The body as a form; empty when it is none.
    public var form: ServerFields {
        let type = headers.first(name: "content-type")?.prefix { $0 != ";" }.lowercased()
        return type == "application/x-www-form-urlencoded" ? ServerFields(body) : ServerFields()
    }
}
