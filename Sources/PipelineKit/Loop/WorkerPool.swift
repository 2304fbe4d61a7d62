// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import Dispatch
import NIOPosix
import Synchronization

/// A bounded number of threads for work that would hold up an event loop: synthesis, recognition, files.
///
/// Waiting work is bounded too; beyond that it is refused, so that overload shows as errors and not as ever later answers.
public final class WorkerPool: Sendable {
    /// Why work was refused.
    public enum Error: Swift.Error, Equatable {
        /// `limit` pieces of work are waiting already: more CPU work comes in than the machine can do.
        case full(limit: Int)
    }

    private let pool: NIOThreadPool?
    private let limit: Int
    private let waiting = Atomic<Int>(0)

    /// Creates a pool and starts its threads.
    ///
    /// - Parameters:
    ///   - threads: Threads, about one per core.
    ///   - limit: Pieces of work that may wait or run at a time.
    public init(threads: Int, limit: Int = 4096) {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        self.pool = pool
        self.limit = limit
    }

    private init() {
        pool = nil
        limit = .max
    }

    /// Runs work at once on the caller's thread: for virtual time, where computing takes none.
    public static let inline = WorkerPool()

    /// Runs `work` on a thread of the pool.
    ///
    /// - Throws: What `work` throws, or ``Error/full(limit:)``.
    nonisolated(nonsending) public func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        guard let pool else { return try work() }
        guard waiting.add(1, ordering: .relaxed).oldValue < limit else {
            waiting.subtract(1, ordering: .relaxed)
            throw Error.full(limit: limit)
        }
        return try await withUnsafeThrowingContinuation { continuation in
            pool.submit { _ in
                let result = Swift.Result { try work() }
                self.waiting.subtract(1, ordering: .relaxed)
                continuation.resume(with: result)
            }
        }
    }

    /// Ends the threads; work that still waits is run first.
    ///
    /// - Parameter limit: After so long a thread that does not come back is left alone.
    public func shutDown(within limit: Duration = .seconds(30)) async {
        guard let pool else { return }
        await withCheckedContinuation { continuation in
            let waiter = FirstOf(continuation)
            pool.shutdownGracefully(queue: .global()) { _ in waiter.resume() }
            let deadline = DispatchTime.now() + .nanoseconds(Int(limit.nanoseconds))
            DispatchQueue.global().asyncAfter(deadline: deadline) { waiter.resume() }
        }
    }
}
