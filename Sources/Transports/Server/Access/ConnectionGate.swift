// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Synchronization

/// Counts connections, in all and of each client, and refuses those beyond the limits.
final class ConnectionGate: Sendable {
    /// Why a connection is refused.
    enum Refusal: String, Sendable {
        /// There are too many in all.
        case full
        /// There are too many of this client.
        case client
    }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var clients: [ClientKey: Int] = [:]
    }

    private let most: Int
    private let mostPerClient: Int
    private let state = Mutex(State())

    /// Creates an open gate.
    init(most: Int, mostPerClient: Int) {
        self.most = most
        self.mostPerClient = mostPerClient
    }

    /// Connections that are there.
    var count: Int { state.withLock { $0.channels.count } }

    /// Lets a connection in until it closes.
    ///
    /// - Returns: Why it may not come in; `nil` if it may.
    func enter(_ channel: any Channel, from address: IPAddress) -> Refusal? {
        let client = ClientKey(address)
        let refusal: Refusal? = state.withLock { state in
            if state.channels.count >= most { return .full }
            if state.clients[client, default: 0] >= mostPerClient { return .client }
            state.channels[ObjectIdentifier(channel)] = channel
            state.clients[client, default: 0] += 1
            return nil
        }
        guard refusal == nil else { return refusal }
        let id = ObjectIdentifier(channel)
        channel.closeFuture.whenComplete { [self] _ in leave(id, client) }
        return nil
    }

    private func leave(_ channel: ObjectIdentifier, _ client: ClientKey) {
        state.withLock { state in
            state.channels[channel] = nil
            let left = state.clients[client, default: 1] - 1
            state.clients[client] = left > 0 ? left : nil
        }
    }

    /// Closes whatever is there, at once.
    func closeAll() {
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }
}
