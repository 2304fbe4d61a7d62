// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// Keeps the newest calls in memory, for as long as the process lives.
///
/// A call holds at most 10 000 entries; later ones are forgotten.
public final class MemoryCallStore: CallStore {
    private static let mostEntries = 10_000

    fileprivate struct Book {
        var history: CallHistory
        var lastSequence = -1
        var entryCount = 0
    }

    private let capacity: Int
    private let books = Mutex<[Int: Book]>([:])

    /// Creates an empty store.
    ///
    /// - Parameter capacity: Most calls; beyond it the oldest that is over is forgotten.
    public init(capacity: Int = 1000) {
        precondition(capacity > 0, "a store without room keeps nothing")
        self.capacity = capacity
    }

    public func write(_ entries: [CallEntry]) throws(CallStoreError) {
        books.withLock { books in
            for entry in entries {
                var book =
                    books.removeValue(forKey: entry.call.serial)
                    ?? Book(history: CallHistory(RecordedCall(entry.call, state: .active, end: nil)))
                if entry.sequence > book.lastSequence { book.add(entry, limit: Self.mostEntries) }
                books[entry.call.serial] = book
            }
            while books.count > capacity {
                let over = books.filter { $0.value.history.call.state != .active }.keys.min()
                guard let oldest = over ?? books.keys.min() else { return }
                books[oldest] = nil
            }
        }
    }
}

extension MemoryCallStore.Book {
    fileprivate mutating func add(_ entry: CallEntry, limit: Int) {
        lastSequence = entry.sequence
        if case .ended(let end) = entry.item {
            history.call.state = .ended
            history.call.end = end
            return
        }
        guard entryCount < limit else { return }
        entryCount += 1
        switch entry.item {
        case .began:
            history.call.state = .active
            history.call.end = nil
        case .ended: break
        case .utterance(let utterance): history.utterances.append(.init(entry.time, utterance))
        case .toolCall(let call): history.toolCalls.append(.init(entry.time, call))
        case .event(let event): history.events.append(.init(entry.time, event))
        case .turn(let turn):
            history.turns.append(.init(entry.time, turn))
            history.call.turnCount += 1
            history.call.longestGap = max(history.call.longestGap ?? .zero, turn.gap)
        }
    }
}

extension MemoryCallStore {
    public func settle(live: Set<Int>) throws(CallStoreError) -> Int {
        books.withLock { books in
            let lost = books.filter { $0.value.history.call.state == .active && !live.contains($0.key) }.keys
            for serial in lost { books[serial]?.history.call.state = .lost }
            return lost.count
        }
    }

    public func recoverLost() throws(CallStoreError) -> Int { 0 }

    public func calls(_ filter: CallFilter) throws(CallStoreError) -> [RecordedCall] {
        try histories(filter).map(\.call)
    }

    public func histories(_ filter: CallFilter) throws(CallStoreError) -> [CallHistory] {
        let histories = books.withLock { books in books.values.map(\.history) }
        let matching = histories.filter { filter.matches($0.call) }.sorted {
            ($0.call.header.began, $0.call.header.serial) > ($1.call.header.began, $1.call.header.serial)
        }
        return Array(matching.dropFirst(filter.offset).prefix(filter.limit))
    }

    public func history(of id: String) throws(CallStoreError) -> CallHistory? {
        books.withLock { books in
            books.filter { $0.value.history.call.header.id == id }.max { $0.key < $1.key }?.value.history
        }
    }

    public func erase(
        _ erasure: Erasure, limit: Int, removeRecording: (String) throws -> Void
    ) throws(CallStoreError) -> Int {
        try books.withLock { books throws(CallStoreError) in
            let matching = books.filter { erasure.matches($0.value.history.call) }.keys.sorted().prefix(limit)
            for serial in matching {
                do {
                    if let path = books[serial]?.history.call.end?.recording { try removeRecording(path) }
                } catch {
                    throw CallStoreError(error, "memory")
                }
                books[serial] = nil
            }
            return matching.count
        }
    }

    public func close() { _ = try? settle(live: []) }
}

extension CallFilter {
    fileprivate func matches(_ call: RecordedCall) -> Bool {
        let spellings = number.map(PhoneNumber.spellings)
        let header = call.header
        return spellings?.contains { $0 == header.from || $0 == header.to } ?? true
            && state.map { $0 == call.state } ?? true && reason.map { $0 == call.end?.reason } ?? true
            && since.map { $0 <= header.began } ?? true && until.map { header.began < $0 } ?? true
            && pipeline.map { $0 == header.pipeline } ?? true
    }
}

extension Erasure {
    fileprivate func matches(_ call: RecordedCall) -> Bool {
        guard call.state != .active else { return false }
        switch self {
        case .endedBefore(let time): return (call.end?.time ?? call.header.began) < time
        case .number(let number):
            let spellings = PhoneNumber.spellings(of: number)
            let known = [call.header.from, call.header.to].compactMap(\.self) + call.header.attributes.values
            return known.contains { spellings.contains($0) }
        }
    }
}
