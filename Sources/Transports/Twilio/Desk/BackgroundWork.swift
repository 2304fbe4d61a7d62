// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Work that a call leaves behind: ending its leg, telling how it went.
///
/// Whoever winds up waits for it, within a limit.
final class BackgroundWork: Sendable {
    private struct Entry {
        let delay: Task<Void, Never>
        let work: Task<Void, Never>
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var lastNumber = 0
    }

    private let state = Mutex(State())

    /// Begins work after a delay, which ends early when everything is wound up.
    func start(after pause: Duration = .zero, _ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            state.lastNumber += 1
            let number = state.lastNumber
            let delay = Task { if pause > .zero { try? await Task.sleep(for: pause) } }
            let task = Task {
                await delay.value
                await work()
                self.state.withLock { _ = $0.entries.removeValue(forKey: number) }
            }
            state.entries[number] = Entry(delay: delay, work: task)
        }
    }

    /// Returns when all work is done, also what that begins; what takes longer than `limit` is cancelled.
    func finish(within limit: Duration) async {
        let deadline = Task {
            try await Task.sleep(for: limit)
            for entry in entries { entry.work.cancel() }
        }
        while case let entries = entries, !entries.isEmpty {
            for entry in entries { entry.delay.cancel() }
            for entry in entries { await entry.work.value }
        }
        deadline.cancel()
    }

    private var entries: [Entry] { state.withLock { Array($0.entries.values) } }
}
