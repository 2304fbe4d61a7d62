// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Processors

private func grammar(_ word: String) -> PocketsphinxConfiguration {
    .init(.grammar("#JSGF V1.0; grammar g; public <g> = \(word);"))
}

@Suite(.enabled(if: RecordedSpeech.isInstalled, Comment(rawValue: RecordedSpeech.reason)))
struct PocketsphinxPoolTests {
    /// Waits, by giving way to other tasks, until as many borrowers stand in line.
    private func untilWaiting(_ count: Int, in pool: PocketsphinxPool) async {
        while pool.counts.waiting != count { await Task.yield() }
    }

    @Test func lendsTheSameDecoderAgain() async throws {
        let pool = PocketsphinxPool(limit: 2)
        let first = try await pool.borrow(grammar("go"))
        let identity = try first.withDecoder { ObjectIdentifier($0) }
        first.end()
        first.end()
        #expect(pool.counts == (idle: 1, lent: 0, waiting: 0))
        let second = try await pool.borrow(grammar("go"))
        #expect(try second.withDecoder { ObjectIdentifier($0) } == identity)
        #expect(throws: PocketsphinxError.self) { try first.withDecoder { _ in } }
    }

    @Test func lettingGoOfALeaseGivesBack() async throws {
        let pool = PocketsphinxPool(limit: 1)
        _ = try await pool.borrow(grammar("go"))
        #expect(pool.counts == (idle: 0, lent: 0, waiting: 0))
    }

    @Test func borrowersAreServedInOrder() async throws {
        let pool = PocketsphinxPool(limit: 1)
        let held = try await pool.borrow(grammar("go"))
        let (order, continuation) = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask {
                    let lease = try await pool.borrow(grammar("go"))
                    continuation.yield(number)
                    lease.end()
                }
                await untilWaiting(number + 1, in: pool)
            }
            held.end()
            try await group.waitForAll()
        }
        continuation.finish()
        #expect(await order.reduce(into: []) { $0.append($1) } == [0, 1, 2, 3, 4])
        #expect(pool.counts.lent == 0)
    }

    @Test func aCancelledBorrowerLeavesTheLine() async throws {
        let pool = PocketsphinxPool(limit: 1)
        let held = try await pool.borrow(grammar("go"))
        let cancelled = Task { try await pool.borrow(grammar("go")) }
        await untilWaiting(1, in: pool)
        let patient = Task { try await pool.borrow(grammar("go")) }
        await untilWaiting(2, in: pool)
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        held.end()
        try await patient.value.end()
        #expect(pool.counts.lent == 0 && pool.counts.waiting == 0)
    }

    @Test func borrowingInACancelledTaskTakesNothing() async throws {
        let pool = PocketsphinxPool(limit: 1)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await pool.borrow(grammar("go"))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(pool.counts == (idle: 0, lent: 0, waiting: 0))
    }

    @Test func cancellationNeverLosesADecoder() async throws {
        let pool = PocketsphinxPool(limit: 2)
        try pool.warm(grammar("go"), count: 5)
        #expect(pool.counts == (idle: 2, lent: 0, waiting: 0))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<400 {
                group.addTask {
                    let task = Task { try await pool.borrow(grammar("go")).end() }
                    if number % 3 == 0 { task.cancel() }
                    if number % 5 == 0 { await Task.yield() }
                    _ = await task.result
                }
            }
        }
        #expect(pool.counts == (idle: 2, lent: 0, waiting: 0))
    }

    @Test func anIdleDecoderOfAnotherGrammarMakesRoom() async throws {
        let pool = PocketsphinxPool(limit: 1)
        try pool.warm(grammar("go"), count: 1)
        let lease = try await pool.borrow(grammar("stop"))
        #expect(pool.counts == (idle: 0, lent: 1, waiting: 0))
        lease.end()
    }

    @Test func aGrammarThatCannotBeOpenedTakesNoPlace() async throws {
        let pool = PocketsphinxPool(limit: 1)
        #expect(throws: PocketsphinxError.unknownWords(["zorkify"])) { try pool.warm(grammar("zorkify"), count: 1) }
        #expect(pool.counts == (idle: 0, lent: 0, waiting: 0))
    }
}
