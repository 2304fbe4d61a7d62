// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import PipelineKit

/// A connection that was accepted.
struct ServerConnection: ServerChildChannelValue {
    let channel: any Channel
}

/// Prepares connections to speak HTTP/1.1 and, where a route agrees, WebSocket.
struct ServerChannel: ServerChildChannel {
    let site: ServerSite

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<ServerConnection> {
        // Whatever happens to one connection, the listener goes on: a failure here would be its own.
        do { try prepare(channel) } catch { channel.close(promise: nil) }
        return channel.eventLoop.makeSucceededFuture(ServerConnection(channel: channel))
    }

    private func prepare(_ channel: any Channel) throws {
        guard let peer = channel.remoteAddress?.ipAddress.flatMap({ IPAddress($0) }), site.admits(channel, from: peer)
        else { return channel.close(promise: nil) }
        try channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
        if let certificate = site.certificate {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context()))
        }
        try HTTPPipeline.add(HTTPConnection(site, peer: peer), to: channel)
    }

    /// Everything happens on the connection's loop; here is only waited for its end.
    func handle(value: ServerConnection, logger: Logger) async { try? await value.channel.closeFuture.get() }
}
