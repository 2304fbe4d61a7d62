// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Keeps what a server has sent behind its answer until there is a WebSocket to take it.
final class LeftoverBytes: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var reads: [NIOAny] = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { reads.append(data) }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        for data in reads { context.fireChannelRead(data) }
        if !reads.isEmpty { context.fireChannelReadComplete() }
        reads = []
        context.leavePipeline(removalToken: removalToken)
    }
}
