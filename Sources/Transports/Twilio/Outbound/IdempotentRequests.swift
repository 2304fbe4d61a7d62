// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Does what is asked for with one key once; who asks again with it gets the same answer.
///
/// What failed is forgotten, so that it may be tried again with its key, unless it may have been done. Holds a bounded
/// number of answers.
final class IdempotentRequests<Answer: Sendable>: Sendable {
    private struct Entry {
        let fingerprint: String
        let work: Task<Answer, any Error>
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var order: [String] = []
    }

    /// A key came again with another request.
    struct Mismatch: Error {}

    private let capacity: Int
    private let state = Mutex(State())

    /// Creates a place without answers.
    init(capacity: Int = 10_000) { self.capacity = capacity }

    /// Does the work, or waits for it where it is under way, or gives its answer.
    ///
    /// - Parameters:
    ///   - key: `nil` to do it in any case.
    ///   - fingerprint: Tells requests apart that must not share a key.
    ///   - isFinal: Whether an error stands for good.
    /// - Throws: ``Mismatch``, and what `work` throws.
    func perform(
        _ key: String?, fingerprint: String, isFinal: @escaping @Sendable (any Error) -> Bool = { _ in false },
        _ work: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard let key else { return try await work() }
        let task = try task(key, fingerprint, work)
        do {
            return try await task.value
        } catch {
            if !isFinal(error) { forget(key, task) }
            throw error
        }
    }

    private func task(
        _ key: String, _ fingerprint: String, _ work: @escaping @Sendable () async throws -> Answer
    ) throws -> Task<Answer, any Error> {
        try state.withLock { state in
            if let entry = state.entries[key] {
                guard entry.fingerprint == fingerprint else { throw Mismatch() }
                return entry.work
            }
            if state.order.count >= capacity { state.entries[state.order.removeFirst()] = nil }
            // Not the client's task: a client that hangs up must not leave it open whether a telephone rings.
            let task = Task { try await work() }
            state.entries[key] = Entry(fingerprint: fingerprint, work: task)
            state.order.append(key)
            return task
        }
    }

    private func forget(_ key: String, _ task: Task<Answer, any Error>) {
        state.withLock { state in
            guard state.entries[key]?.work == task else { return }
            state.entries[key] = nil
            state.order.removeAll { $0 == key }
        }
    }
}
