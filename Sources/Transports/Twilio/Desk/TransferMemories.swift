// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// What the sessions left whose callers are being transferred, for those who come back.
///
/// Holds a bounded number of them, each for a while.
final class TransferMemories: Sendable {
    private struct Entry {
        let memory: SessionMemory
        let expiry: ContinuousClock.Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// The calls in the order in which they expire.
        var order: [String] = []
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// Creates an empty memory; the oldest entry goes when there are more than `capacity`.
    init(capacity: Int = 1000) { self.capacity = capacity }

    /// Keeps what a call's session left, for as long as the caller may take to come back.
    func keep(_ memory: SessionMemory, of sid: String, for life: Duration, now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.order.removeAll { $0 == sid }
            while let oldest = state.order.first, state.order.count >= capacity {
                state.order.removeFirst()
                state.entries[oldest] = nil
            }
            state.entries[sid] = Entry(memory: memory, expiry: now + life)
            state.order.append(sid)
        }
    }

    /// Takes what a call's last session left; `nil` when there is none, or the caller was away too long.
    func take(_ sid: String, now: ContinuousClock.Instant = .now) -> SessionMemory? {
        state.withLock { state in
            state.order.removeAll { $0 == sid }
            guard let entry = state.entries.removeValue(forKey: sid), entry.expiry > now else { return nil }
            return entry.memory
        }
    }
}
