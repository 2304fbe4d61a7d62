// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A server on the loopback that answers whatever comes first on a connection with the same bytes.
final class RawServer: Sendable {
    /// What happened on a connection.
    enum Event: Equatable, Sendable {
        case received(String)
        case closed
    }

    let port: Int
    /// What happened, in order.
    let events: AsyncStream<Event>
    private let channel: any Channel

    /// Starts a server.
    ///
    /// - Parameter closes: Whether it closes the connection behind its answer.
    init(_ answer: String, closes: Bool = false) async throws {
        let (events, continuation) = AsyncStream<Event>.makeStream()
        self.events = events
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        RawHandler(ByteBuffer(string: answer), closes, continuation))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func stop() async throws { try await channel.close() }

    /// The next thing that happens.
    func next() async -> Event? { await events.first { _ in true } }
}

private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: ByteBuffer
    private let closes: Bool
    private let events: AsyncStream<RawServer.Event>.Continuation
    private var hasAnswered = false

    init(_ answer: ByteBuffer, _ closes: Bool, _ events: AsyncStream<RawServer.Event>.Continuation) {
        (self.answer, self.closes, self.events) = (answer, closes, events)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasAnswered else { return }
        hasAnswered = true
        events.yield(.received(String(buffer: unwrapInboundIn(data))))
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        if closes { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { events.yield(.closed) }
}
