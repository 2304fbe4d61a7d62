// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// What is known of the calls that were placed: how far they are, who answered, what was said last.
///
/// Callbacks come late, twice and out of order; a call is over once. Holds a bounded number of calls.
final class CallBook: Sendable {
    /// A call that was placed.
    struct Entry: Sendable {
        /// Who is called.
        var to: String
        /// What whoever asked for the call wants its session to know.
        var attributes: [String: String]
        /// Who is told how it went.
        var summaryTo: String?
        /// Twilio's word for how far it is.
        var status = "initiated"
        /// The number of the callback that said so.
        var sequence = -1
        /// Who answered: `human`, `machine_start`, `fax` ...
        var answeredBy: String?
        /// Turns that the other side had.
        var turns = 0
        /// What it said last.
        var lastWords = ""
        /// Whether a summary has been asked for.
        var isSummedUp = false
        /// Whether those who wait for the call's end were told.
        var isEndAnnounced = false
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var order: [String] = []
        /// Callbacks of calls whose name is not known yet: they overtake the answer that names it.
        var early: [String: [[String: String]]] = [:]
        /// Who waits for the end of which call.
        var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

        /// Whether nothing more comes of a call; of one that is not known nothing does.
        func isOver(_ sid: String) -> Bool { entries[sid].map { finalStatuses.contains($0.status) } ?? true }
    }

    /// Twilio's words for calls that are over.
    static let finalStatuses: Set = ["completed", "busy", "no-answer", "failed", "canceled"]

    private let capacity: Int
    private let state = Mutex(State())

    /// Creates an empty book.
    init(capacity: Int = 10_000) { self.capacity = capacity }

    /// A call was placed.
    func add(_ sid: String, _ entry: Entry) {
        state.withLock { state in
            if state.order.count >= capacity { state.entries[state.order.removeFirst()] = nil }
            state.entries[sid] = entry
            state.order.append(sid)
            for fields in state.early.removeValue(forKey: sid) ?? [] { Self.apply(fields, to: &state.entries[sid]) }
        }
    }

    /// What is known of a call; `nil` if it was not placed here.
    subscript(sid: String) -> Entry? { state.withLock { $0.entries[sid] } }

    /// Takes what a status callback says.
    ///
    /// - Returns: Whether the call is over by it.
    func update(_ sid: String, _ fields: [String: String]) -> Bool {
        state.withLock { state in
            guard state.entries[sid] != nil else {
                if state.early.count < 1000, state.early[sid]?.count ?? 0 < 8 {
                    state.early[sid, default: []].append(fields)
                }
                return false
            }
            Self.apply(fields, to: &state.entries[sid])
            return state.isOver(sid)
        }
    }

    /// Whether nothing more comes of a call.
    func isOver(_ sid: String) -> Bool { state.withLock { $0.isOver(sid) } }

    /// Takes a call for over of which nothing is heard any more.
    func close(_ sid: String) { _ = update(sid, ["CallStatus": "completed"]) }

    /// Returns when the end of a call has been announced.
    func ended(_ sid: String) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.entries[sid].map({ $0.isEndAnnounced }) ?? true { return true }
                state.waiting[sid, default: []].append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// Tells those who wait for it that a call is over; what belongs to its end has been begun.
    func announceEnd(_ sid: String) {
        let waiting = state.withLock { state in
            state.entries[sid]?.isEndAnnounced = true
            return state.waiting.removeValue(forKey: sid) ?? []
        }
        for continuation in waiting { continuation.resume() }
    }

    private static func apply(_ fields: [String: String], to entry: inout Entry?) {
        if let answeredBy = fields["AnsweredBy"] { entry?.answeredBy = answeredBy }
        guard let status = fields["CallStatus"] else { return }
        let sequence = fields["SequenceNumber"].flatMap { Int($0) }
        let isFinal = entry.map { finalStatuses.contains($0.status) } ?? false
        guard !isFinal, sequence.map({ $0 > entry?.sequence ?? -1 }) ?? true else { return }
        entry?.status = status
        if let sequence { entry?.sequence = sequence }
    }

    /// The other side said something.
    func heard(_ sid: String, _ text: String) {
        state.withLock { state in
            state.entries[sid]?.turns += 1
            if !text.isEmpty { state.entries[sid]?.lastWords = String(text.prefix(300)) }
        }
    }

    /// What is to be told of a call that is over; `nil` when it was told, or nobody wants to know.
    func takeSummary(_ sid: String) -> Entry? {
        state.withLock { state in
            guard let entry = state.entries[sid], entry.summaryTo != nil, !entry.isSummedUp else { return nil }
            state.entries[sid]?.isSummedUp = true
            return entry
        }
    }

}

/// Notes what the other side of a placed call says.
struct CallListener: SessionObserver {
    let book: CallBook

    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        if case .heardCaller(_, let text, true) = event { book.heard(call.attributes["call_sid"] ?? call.id, text) }
    }
}

extension CallBook.Entry {
    /// What the person who asked for the call is told.
    var summary: String {
        let outcome =
            switch status {
            case "busy": "The line was busy."
            case "no-answer": "Nobody answered."
            case "failed": "The call failed; is the number right?"
            case "canceled": "The call was cancelled."
            default: turns == 0 ? "Nothing was said." : turns == 1 ? "One turn." : "\(turns) turns."
            }
        let task = attributes["task"].map { "Task: \($0). " } ?? ""
        let words = lastWords.isEmpty ? "" : " Last words: \(lastWords)"
        return String("Call to \(to). \(task)\(outcome)\(words)".prefix(1600))
    }
}
