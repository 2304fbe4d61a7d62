// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit
import Synchronization

/// Knows the calls that are under way and the last ones that are over, for whoever asks over HTTP.
///
/// Bounded: the last `mostMessages` messages of a call, and the last `mostEnded` calls.
public final class CallDirectory: SessionObserver {
    private static let mostMessages = 200
    private static let mostEnded = 200

    private struct State {
        var active: [String: CallEntry] = [:]
        var ended: [String: CallEntry] = [:]
        var order: [String] = []
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Int

    /// Creates an empty directory.
    ///
    /// - Parameter now: Milliseconds of the wall clock since 1970, which says only when a call began.
    public init(now: @escaping @Sendable () -> Int = WallClock.milliseconds) { self.now = now }

    /// Calls that are under way.
    public var activeCount: Int { state.withLock { $0.active.count } }

    public func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        switch event {
        case .started:
            let entry = CallEntry(call, startedAt: now())
            state.withLock { $0.active[call.id] = entry }
        case .heardCaller(_, let text, isFinal: true) where !text.isEmpty: note("user", text, call, time)
        case .spoke(_, let heard, _, _) where !heard.isEmpty: note("assistant", heard, call, time)
        case .turn(let record):
            state.withLock { $0.active[call.id]?.turns.append(record, keeping: Self.mostMessages) }
        case .ended(let report): end(call, report)
        default: break
        }
    }

    private func note(_ role: String, _ text: String, _ call: Call, _ time: MediaTime) {
        let message = CallEntry.Message(role: role, text: text, time: time)
        state.withLock { $0.active[call.id]?.messages.append(message, keeping: Self.mostMessages) }
    }

    private func end(_ call: Call, _ report: SessionReport) {
        state.withLock { state in
            guard var entry = state.active.removeValue(forKey: call.id) else { return }
            entry.report = report
            if state.ended.updateValue(entry, forKey: call.id) == nil { state.order.append(call.id) }
            while state.order.count > Self.mostEnded { state.ended[state.order.removeFirst()] = nil }
        }
    }

    /// What is known of the calls under way, the oldest first.
    var active: [CallEntry] { state.withLock { Array($0.active.values) }.sorted { $0.startedAt < $1.startedAt } }

    /// What is known of a call, by its id or by the carrier's.
    func entry(_ id: String) -> CallEntry? {
        state.withLock { state in
            if let entry = state.active[id] ?? state.ended[id] { return entry }
            return state.active.values.first { $0.attributes["call_sid"] == id }
                ?? state.ended.values.first { $0.attributes["call_sid"] == id }
        }
    }
}

extension Array {
    /// Appends an element and forgets the oldest ones beyond a count.
    fileprivate mutating func append(_ element: Element, keeping most: Int) {
        append(element)
        if count > most { removeFirst(count - most) }
    }
}
