// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

extension SessionLoop {
    /// Runs `operation` on a virtual loop until it returns: everything happens at once, and time jumps from one timer to
    /// the next.
    ///
    /// Holds the calling thread. While the operation waits for something outside the loop, virtual time stands still.
    ///
    /// - Throws: What `operation` throws.
    public func runToCompletion<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let outcome = Outcome<Value>()
        Task(executorPreference: self) {
            do { outcome.set(.success(try await operation())) } catch { outcome.set(.failure(error)) }
        }
        while true {
            run(until: nextEvent ?? virtualTime)
            if let result = outcome.get() { return try result.get() }
            if nextEvent == nil { usleep(200) }
        }
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>?>(nil)

        func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }
        func get() -> Result<Value, any Error>? { result.withLock { $0 } }
    }
}
