// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// The ConversationRelay calls of a process, so that a connection that takes over from a broken one finds its call.
final class RelayCalls: Sendable {
    /// A call and its session.
    struct Entry: Sendable {
        let session: Session
        let call: RelayCall
        /// How often a connection was taken up again.
        var reconnects = 0
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// Remembers a call until its session is over.
    func add(_ sid: String, _ session: Session, _ call: RelayCall) {
        entries.withLock { $0[sid] = Entry(session: session, call: call) }
        Task {
            _ = await session.ended()
            self.remove(sid, session)
        }
    }

    private func remove(_ sid: String, _ session: Session) {
        entries.withLock { entries in
            if entries[sid]?.session === session { entries[sid] = nil }
        }
    }

    /// The call of a name, if its session is not over.
    subscript(_ sid: String) -> Entry? { entries.withLock { $0[sid] } }

    /// Counts that a call is taken up again.
    ///
    /// - Returns: Whether it may be.
    func countReconnect(_ sid: String, atMost limit: Int) -> Bool {
        entries.withLock { entries in
            guard var entry = entries[sid], entry.reconnects < limit else { return false }
            entry.reconnects += 1
            entries[sid] = entry
            return true
        }
    }
}
