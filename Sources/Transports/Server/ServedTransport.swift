// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// A transport whose calls come in over HTTP or WebSocket; several share one listener by `port`.
///
/// Whoever runs the process starts a ``CallServer`` for each port and mounts its transports there.
public protocol ServedTransport: Transport {
    /// The port to listen on; 0 takes any that is free.
    var port: Int { get }
    /// Whether `POST /call/initiate` has it call somebody.
    var placesCalls: Bool { get }

    /// Adds the transport's routes; `host` gives it its sessions.
    func mount(_ routes: inout ServerRoutes, _ host: any CallHost)
}

extension ServedTransport {
    public var placesCalls: Bool { false }

    /// Waits for cancellation: the calls come through the routes.
    public func run(_ host: any CallHost) async throws {
        let (waiting, continuation) = AsyncStream.makeStream(of: Void.self)
        await withTaskCancellationHandler {
            for await _ in waiting {}
        } onCancel: {
            continuation.finish()
        }
    }
}
