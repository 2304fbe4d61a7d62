// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Decoders shared by all sessions of a process: one is borrowed for an utterance and then given back.
///
/// Never more than `limit` exist. When all are lent, a borrower waits its turn, first come, first served; a cancelled
/// one leaves the line. A decoder comes reset, so an utterance's result does not depend on who had it before.
/// An idle decoder of another configuration makes room for a new one.
package final class PocketsphinxPool: Sendable {
    /// The most decoders that may exist at a time.
    package let limit: Int
    private let state: Mutex<PocketsphinxPoolState>

    /// A pool without decoders.
    package init(limit: Int) {
        precondition(limit > 0, "a pool needs room for a decoder")
        self.limit = limit
        state = Mutex(PocketsphinxPoolState(limit: limit))
    }

    /// How many decoders there are, and how many borrowers wait.
    package var counts: (idle: Int, lent: Int, waiting: Int) {
        state.withLock { ($0.idle.count, $0.lent, $0.waiting.count) }
    }

    /// Opens decoders ahead of the first call, as many as the limit leaves room for; the caller's thread does the work.
    ///
    /// - Throws: ``PocketsphinxError`` when the configuration cannot be opened.
    package func warm(_ configuration: PocketsphinxConfiguration, count: Int) throws(PocketsphinxError) {
        var leases: [PocketsphinxLease] = []
        for _ in 0..<count {
            guard let permit = state.withLock({ $0.takeNow(for: configuration) }) else { return }
            let lease = PocketsphinxLease(permit, configuration, self)
            try lease.withDecoder { _ in }
            leases.append(lease)
        }
    }

    /// Borrows a decoder, waiting while all are lent.
    ///
    /// If none is idle, the lease opens one at its first use.
    ///
    /// - Throws: `CancellationError`.
    package func borrow(_ configuration: PocketsphinxConfiguration) async throws -> PocketsphinxLease {
        let id = state.withLock { $0.newID() }
        let permit = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.withLock { $0.enter(id, configuration, continuation) }
                outcome?.resume()
            }
        } onCancel: {
            state.withLock { $0.cancel(id) }?.resume(throwing: CancellationError())
        }
        return PocketsphinxLease(permit, configuration, self)
    }

    /// Takes a decoder back and hands its place to the next borrower in line.
    func giveBack(_ decoder: IdleDecoder?) {
        state.withLock { $0.giveBack(decoder) }?.resume()
    }
}
