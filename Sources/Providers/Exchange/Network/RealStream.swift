// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import PipelineKit

/// A TCP connection on the session's event loop.
final class RealStream: ProviderStream {
    /// Bytes that may wait for a provider that does not read.
    private static let longestBacklog = 4 * 1024 * 1024

    private let channel: any Channel
    private let inbox: StreamInbox

    private init(_ channel: any Channel, _ inbox: StreamInbox) {
        self.channel = channel
        self.inbox = inbox
    }

    deinit { channel.close(promise: nil) }

    /// Connects; a cancelled task gives up at once.
    nonisolated(nonsending) static func connect(
        _ host: String, _ port: Int, _ loop: SessionLoop, _ eventLoop: any EventLoop
    ) async throws -> RealStream {
        let inbox = StreamInbox(loop)
        let opened = eventLoop.makePromise(of: (any Channel).self)
        ClientBootstrap(group: eventLoop).connectTimeout(TimeAmount(RealNetwork.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(inbox) }
            }
            .connect(host: host, port: port)
            .whenComplete { result in
                if case .success(let channel) = result {
                    opened.futureResult.whenFailure { _ in channel.close(promise: nil) }
                }
                opened.completeWith(result)
            }
        let channel = try await withTaskCancellationHandler {
            try await opened.futureResult.get()
        } onCancel: {
            opened.fail(CancellationError())
        }
        return RealStream(channel, inbox)
    }

    func write(_ bytes: ByteBuffer) {
        guard channel.isActive else { return }
        guard bufferedBytes + bytes.readableBytes <= Self.longestBacklog else {
            inbox.pieces.finish(ProviderError(.transient, "the provider does not read what it is sent"))
            return channel.close(promise: nil)
        }
        channel.writeAndFlush(bytes, promise: nil)
    }

    var bufferedBytes: Int { (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 }

    nonisolated(nonsending) func next() async throws -> ByteBuffer? { try await inbox.next() }

    func close() {
        inbox.pieces.finish()
        channel.close(promise: nil)
    }
}

/// Takes what comes in on a connection, and stops reading while nobody takes it from here.
///
/// `@unchecked Sendable`: touched on the session's loop alone once it is in the channel's pipeline.
private final class StreamInbox: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    /// Bytes that wait to be taken before the connection is not read any further.
    private static let capacity = 1024 * 1024

    let pieces: Inbox<ByteBuffer>
    private var heldBytes = 0
    private var channel: (any Channel)?

    init(_ loop: SessionLoop) { pieces = Inbox(loop) }

    func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }
    func handlerRemoved(context: ChannelHandlerContext) { channel = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        heldBytes += bytes.readableBytes
        pieces.append(bytes)
        if heldBytes > Self.capacity { setReading(false) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        pieces.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        pieces.finish(ProviderError(.transient, "the connection broke: \(error)"))
        context.close(promise: nil)
    }

    nonisolated(nonsending) func next() async throws -> ByteBuffer? {
        guard let bytes = try await pieces.next() else { return nil }
        heldBytes -= bytes.readableBytes
        if heldBytes <= Self.capacity / 2 { setReading(true) }
        return bytes
    }

    private func setReading(_ isOn: Bool) { try? channel?.syncOptions?.setOption(.autoRead, value: isOn) }
}
