// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A client that knows nothing of HTTP: sends bytes, and collects what comes until the server closes.
enum RawClient {
    /// Sends text and returns everything that came back.
    static func exchange(_ text: String, port: Int, from source: String? = nil) async throws -> String {
        let collector = Collector()
        let channel = try await connect(port: port, from: source) { collector }
        try? await channel.writeAndFlush(ByteBuffer(string: text))
        try await channel.closeFuture.get()
        return try await channel.eventLoop.submit { String(buffer: collector.bytes) }.get()
    }

    /// Opens a connection and sends nothing.
    static func connect(
        port: Int, from source: String? = nil, handler: @escaping @Sendable () -> Collector = { Collector() }
    ) async throws -> any Channel {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler()) }
            }
        if let source { bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: source, port: 0)) }
        return try await bootstrap.connect(host: "127.0.0.1", port: port).get()
    }

    /// `@unchecked Sendable`: touched on its channel's loop alone.
    final class Collector: ChannelInboundHandler, @unchecked Sendable {
        typealias InboundIn = ByteBuffer

        var bytes = ByteBuffer()

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.writeImmutableBuffer(unwrapInboundIn(data))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
