// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Metrics
import PipelineKit
import Synchronization

/// Writes what waits, as long as the store lets it; otherwise says when to try again.
///
/// Knows no clock and no thread. Confined to its owner's queue, but for the backlog.
final class RecordsDesk {
    private static let batchSize = 500
    private static let erasedAtOnce = 200
    private static let shortestPause = Duration.milliseconds(250)
    private static let longestPause = Duration.seconds(15)

    private let settings: RecordsSettings
    private let backlog: SharedBacklog
    private let openStore: () throws(CallStoreError) -> any CallStore
    private var store: (any CallStore)?
    /// What went wrong last, as long as it does, and when to try again.
    private var trouble: (message: String, pause: Duration)?
    private var lostBefore = 0
    /// Utterances whose last number may go on in the next one.
    private var open: OpenNumbers?
    private var isClosed = false
    private lazy var written = Counter(label: "call_record_entries_total", dimensions: [("result", "written")])
    private lazy var lost = Counter(label: "call_record_entries_total", dimensions: [("result", "lost")])
    private lazy var failed = Counter(label: "call_record_failures_total")

    /// Creates a desk; the store is opened when it is needed.
    init(
        _ settings: RecordsSettings, backlog: SharedBacklog, open: @escaping () throws(CallStoreError) -> any CallStore
    ) {
        self.settings = settings
        self.backlog = backlog
        openStore = open
        self.open = settings.redactor.makeOpenNumbers()
    }

    /// The store, when it is open and works.
    var readableStore: (any CallStore)? { store }
    /// Whether writing is to be left alone until the pause is over.
    var isWaiting: Bool { trouble != nil }

    /// Writes until nothing waits.
    ///
    /// - Returns: After which pause to try again; `nil` when there is nothing left.
    func work() -> Duration? {
        guard !isClosed else { return nil }
        do {
            let store = try openedStore()
            while true {
                let entries = backlog.state.withLock { $0.first(Self.batchSize) }
                guard !entries.isEmpty else { break }
                // Kept only once it is written: what fails comes again.
                var (open, ready) = (self.open, self.open == nil ? entries : [])
                if open != nil { for entry in entries { ready += open?.pass(entry) ?? [] } }
                let lost = try write(ready.map(completed), to: store)
                self.open = open
                backlog.written(entries.count, lost: lost)
                written.increment(by: entries.count - lost)
            }
            try settleIfNeeded(store)
            recovered()
            return nil
        } catch {
            return failed(error)
        }
    }

    private func openedStore() throws(CallStoreError) -> any CallStore {
        if let store { return store }
        let store = try openStore()
        self.store = store
        try store.recoverLost()
        return store
    }

    /// Writes entries; where some are refused, each by itself.
    ///
    /// - Returns: How many were refused.
    private func write(_ entries: [CallEntry], to store: any CallStore) throws(CallStoreError) -> Int {
        do {
            try store.write(entries)
            return 0
        } catch  where error.kind == .refused {
            var refused = 0
            for entry in entries {
                do { try store.write([entry]) } catch  where error.kind == .refused {
                    refused += 1
                    if case .ended = entry.item { backlog.state.withLock { $0.needsSettling() } }
                    settings.log("call records: an entry of call \(entry.call.id) was refused: \(error)")
                }
            }
            return refused
        }
    }

    /// The entry as it is written: with the recording's path, and without what nobody shall read.
    private func completed(_ entry: CallEntry) -> CallEntry {
        var entry = entry
        if case .ended(var end) = entry.item {
            end.recording = settings.recording(entry.call.id)
            entry.item = .ended(end)
        }
        return settings.redactor.redact(entry)
    }

    private func settleIfNeeded(_ store: any CallStore) throws(CallStoreError) {
        let live = backlog.state.withLock { state -> Set<Int>? in
            guard state.hasLostEnds else { return nil }
            return Set(state.live.values.map(\.header.serial))
        }
        guard let live else { return }
        try store.settle(live: live)
        backlog.state.withLock { $0.hasSettled() }
    }

    // MARK: Trouble

    private func failed(_ error: CallStoreError) -> Duration {
        failed.increment()
        backlog.failures.add(1, ordering: .relaxed)
        if trouble?.message != error.message {
            settings.log("call records: \(error); calls go on, what does not fit in memory is lost")
        }
        if error.kind == .damaged {
            store?.close()
            store = nil
        }
        let pause = min((trouble?.pause ?? Self.shortestPause / 2) * 2, Self.longestPause)
        trouble = (error.message, pause)
        reportLost()
        return pause
    }

    private func recovered() {
        let lost = reportLost()
        guard trouble != nil else { return }
        trouble = nil
        settings.log("call records: written again; \(lost) entries were lost so far")
    }

    @discardableResult
    private func reportLost() -> Int {
        let count = backlog.state.withLock { $0.lostCount }
        if count > lostBefore { lost.increment(by: count - lostBefore) }
        lostBefore = count
        return count
    }

    // MARK: Housekeeping

    /// Marks calls of processes that are gone, and erases what has been kept long enough, some at a time.
    ///
    /// - Returns: Whether there is more to erase.
    func keepHouse(now: WallTime) -> Bool {
        guard let store, trouble == nil else { return false }
        do {
            try store.recoverLost()
            let erasure = Erasure.endedBefore(now - settings.keep)
            let count = try store.erase(
                erasure, limit: Self.erasedAtOnce, removeRecording: settings.removeRecording)
            return count == Self.erasedAtOnce
        } catch {
            _ = failed(error)
            return false
        }
    }

    /// Writes the utterances that waited for the rest of a number.
    private func writeOpen() {
        guard let entries = open?.takeAll(), !entries.isEmpty else { return }
        do {
            _ = try write(entries.map(completed), to: openedStore())
        } catch {
            _ = failed(error)
            settings.log("call records: \(entries.count) entries could not be written before the end")
        }
    }

    /// Writes what can be written and lets go of the store.
    func close() {
        // Once more, also in the middle of a pause: the disk may have room again.
        if work() != nil {
            let waiting = backlog.state.withLock { state in
                let count = state.count
                state.removeFirst(count, lost: count)
                return count
            }
            if waiting > 0 { settings.log("call records: \(waiting) entries could not be written before the end") }
        }
        writeOpen()
        store?.close()
        store = nil
        isClosed = true
    }
}

/// The backlog between the sessions' loops and the writer's queue.
final class SharedBacklog: Sendable {
    let state: Mutex<RecordsBacklog>
    /// Entries that were written.
    let written = Atomic<Int>(0)
    /// Attempts that failed.
    let failures = Atomic<Int>(0)

    /// Creates an empty backlog.
    init(capacity: Int) { state = Mutex(RecordsBacklog(capacity: capacity)) }

    /// The first entries were written, but for some that were refused.
    func written(_ count: Int, lost: Int) {
        state.withLock { $0.removeFirst(count, lost: lost) }
        written.add(count - lost, ordering: .relaxed)
    }
}
