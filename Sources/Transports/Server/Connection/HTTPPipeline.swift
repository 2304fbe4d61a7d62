// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit

/// The handlers that speak HTTP/1.1 on a connection.
enum HTTPPipeline {
    /// Puts them in.
    static func add(_ connection: HTTPConnection, to channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = connection.site.settings.headBytes
        limits.maxHeaderFieldSize = connection.site.settings.headBytes
        limits.maxHeaderFieldCount = 100
        try pipeline.addHandler(HeadGuard(connection))
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)))
        try pipeline.addHandler(HTTPServerPipelineHandler())
        try pipeline.addHandler(connection)
    }

    /// Takes them out once another protocol has been agreed on.
    ///
    /// - Parameter install: Puts the other protocol in; it may speak at once.
    static func replace(on context: ChannelHandlerContext, by install: () throws -> Void) throws {
        let pipeline = context.pipeline.syncOperations
        pipeline.removeHandler(context: context, promise: nil)
        remove(HeadGuard.self, pipeline)
        remove(HTTPResponseEncoder.self, pipeline)
        remove(HTTPServerPipelineHandler.self, pipeline)
        try install()
        // Last: it hands on what the client has sent behind its request.
        remove(ByteToMessageHandler<HTTPRequestDecoder>.self, pipeline)
    }

    private static func remove<Handler: RemovableChannelHandler>(
        _ type: Handler.Type, _ pipeline: ChannelPipeline.SynchronousOperations
    ) {
        guard let handler = try? pipeline.handler(type: type) else { return }
        pipeline.removeHandler(handler, promise: nil)
    }
}

/// Bounds the bytes of a head that is not complete; the decoder's own limits leave out the request line.
final class HeadGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection
    private var pending = 0

    init(_ connection: HTTPConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
        guard case .waiting = connection.state else { return pending = 0 }
        pending += count
        if pending > connection.site.settings.headBytes {
            pending = 0
            context.fireErrorCaught(HTTPParserError.headerOverflow)
        }
    }
}
