// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension WebSocket {
    /// Pings at intervals, and drops a peer of whom nothing is heard after a ping.
    func schedulePing() {
        guard phase == .open, let interval = limits.pingInterval else { return }
        pingTimer = eventLoop.scheduleTask(in: TimeAmount(interval)) { [weak self] in self?.ping() }
    }

    private func ping() {
        guard phase == .open else { return }
        hasHeard = false
        write(.ping, ByteBuffer())
        pingTimer = eventLoop.scheduleTask(in: TimeAmount(limits.pongTimeout)) { [weak self] in self?.checkAnswer() }
    }

    private func checkAnswer() {
        guard phase == .open else { return }
        // A peer whose bytes nobody reads cannot be heard.
        if hasHeard || !isReading { return schedulePing() }
        drop("nothing was heard within \(limits.pongTimeout) after a ping")
    }
}
