// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import NIOHTTP1
import NIOPosix
public import NIOSSL

/// Opens WebSockets to servers.
public enum WebSocketClient {
    /// Opens a WebSocket; the handler is told on the socket's loop before this returns.
    ///
    /// - Parameters:
    ///   - url: `ws://…` or `wss://…`.
    ///   - headers: Sent along with the handshake's own.
    ///   - subprotocols: Offered to the server, the best first.
    ///   - timeout: For everything together: name, connection, encryption, handshake.
    ///   - tls: How a server is trusted; `nil` trusts what the system trusts.
    ///   - group: Where the socket lives: a loop, or a group to take one from.
    /// - Throws: ``WebSocketError``.
    @discardableResult
    public static func connect(
        url: String, headers: HTTPHeaders = [:], subprotocols: [String] = [],
        limits: WebSocketLimits = WebSocketLimits(), timeout: Duration = .seconds(10), tls: TLSConfiguration? = nil,
        on group: any EventLoopGroup, makeHandler: @escaping @Sendable (any EventLoop) -> any WebSocketHandler
    ) async throws -> WebSocket {
        let request = ClientRequest(url: try WebSocketURL(url), headers: headers, subprotocols: subprotocols)
        let secure = try request.url.isSecure ? NIOSSLContext(configuration: tls ?? .makeClientConfiguration()) : nil
        let loop = group.next()
        let opened = loop.makePromise(of: WebSocket.self)
        let deadline = loop.scheduleTask(in: TimeAmount(timeout)) {
            opened.fail(WebSocketError(.timedOut, "\(request.name) did not open a WebSocket within \(timeout)"))
        }
        ClientBootstrap(group: loop).connectTimeout(TimeAmount(timeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel, request, secure) {
                        ClientHandshake(request, limits: limits, opened: opened, makeHandler: makeHandler)
                    }
                }
            }
            .connect(host: request.url.host, port: request.url.port)
            .whenComplete { result in finish(result, request, opened) }
        return try await withTaskCancellationHandler {
            defer { deadline.cancel() }
            return try await opened.futureResult.get()
        } onCancel: {
            opened.fail(CancellationError())
        }
    }

    private static func prepare(
        _ channel: any Channel, _ request: ClientRequest, _ secure: NIOSSLContext?, handshake: () -> ClientHandshake
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if let secure {
            let isAddress = (try? SocketAddress(ipAddress: request.url.host, port: 0)) != nil
            let name = isAddress ? nil : request.url.host
            try pipeline.addHandler(NIOSSLClientHandler(context: secure, serverHostname: name))
        }
        try pipeline.addHandler(HTTPRequestEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)))
        try pipeline.addHandler(handshake())
    }

    /// Joins the connection's fate to that of the opening, whichever is decided first.
    private static func finish(
        _ result: Result<any Channel, any Error>, _ request: ClientRequest, _ opened: EventLoopPromise<WebSocket>
    ) {
        switch result {
        case .success(let channel): opened.futureResult.whenFailure { _ in channel.close(promise: nil) }
        case .failure(let error):
            opened.fail(WebSocketError(.notReachable, "\(request.name) cannot be reached: \(error)"))
        }
    }
}
