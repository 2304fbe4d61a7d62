// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// The calls of the loop in a process, each made once however often Twilio asks.
final class LoopCalls: Sendable {
    /// A call and its session.
    struct Entry: Sendable {
        let session: Session
        let call: LoopCall
    }

    private let entries = Mutex<[String: Task<Entry, any Error>]>([:])

    /// The call of a name; made by the first who asks, and forgotten when its session is over.
    ///
    /// - Throws: What `make` throws.
    func entry(_ sid: String, make: @escaping @Sendable () async throws -> Entry) async throws -> Entry {
        let making = entries.withLock { entries in
            if let making = entries[sid] { return making }
            let making = Task { try await make() }
            entries[sid] = making
            return making
        }
        do {
            let entry = try await making.value
            Task {
                _ = await entry.session.ended()
                self.remove(sid, making)
            }
            return entry
        } catch {
            remove(sid, making)
            throw error
        }
    }

    /// The call of a name, if there is one.
    func find(_ sid: String) async -> Entry? {
        guard let making = entries.withLock({ $0[sid] }) else { return nil }
        return try? await making.value
    }

    private func remove(_ sid: String, _ making: Task<Entry, any Error>) {
        entries.withLock { entries in
            if entries[sid] == making { entries[sid] = nil }
        }
    }
}
