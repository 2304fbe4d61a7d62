// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import PipelineKit

/// What waits to be written: bounded in number and in bytes, whatever the disk does.
///
/// When it is full the newest entry is lost and counted, in all and in its call. The beginnings and ends of calls may use
/// a reserve, so that a call whose words were lost is still known. Touched under its owner's lock; knows no clock.
struct RecordsBacklog {
    /// A call that goes on.
    struct LiveCall {
        var header: CallHeader
        var nextSequence = 0
        var lostEntries = 0
        /// From the call's beginning to that of the session that serves it now.
        var offset = Duration.zero
    }

    /// Calls that are over and may go on: in memory, so that their number is bounded.
    private static let mostOver = 256

    private struct Waiting {
        var entry: CallEntry
        var cost: Int
    }

    /// Texts longer than this are cut.
    static let mostTextBytes = 16 * 1024
    /// Bytes that may wait for each entry that may, on average.
    private static let bytesPerEntry = 1024

    private let capacity: Int
    private let reserve: Int
    private var waiting = Deque<Waiting>()
    private var bytes = 0
    private var nextSerial = 1
    /// The calls that go on, by id.
    private(set) var live: [String: LiveCall] = [:]
    /// The calls that ended last, by id, and in the order in which they ended.
    private var over: [String: LiveCall] = [:]
    private var overOrder: [String] = []
    /// Entries that were lost in all.
    private(set) var lostCount = 0
    /// Whether the end of a call was lost, so that the store takes the call for active.
    private(set) var hasLostEnds = false

    /// Creates an empty backlog.
    init(capacity: Int) {
        self.capacity = capacity
        reserve = max(100, capacity / 4)
    }

    /// Entries that wait.
    var count: Int { waiting.count }
    var isEmpty: Bool { waiting.isEmpty }

    /// A call begins; one of the same id that goes on is given up.
    ///
    /// One whose caller is back, as after a transfer that failed, is the same call still.
    mutating func begin(_ call: Call, pipeline: String, at time: MediaTime, _ wallTime: WallTime) {
        if live.removeValue(forKey: call.id) != nil { hasLostEnds = true }
        if call.memory != nil, var former = over.removeValue(forKey: call.id) {
            overOrder.removeAll { $0 == call.id }
            former.offset = .milliseconds(max(0, wallTime.milliseconds - former.header.began.milliseconds))
            live[call.id] = former
            return append(.began, of: call.id, at: time, mayUseReserve: true)
        }
        let header = CallHeader(serial: nextSerial, pipeline: pipeline, call: call, began: wallTime)
        nextSerial += 1
        live[call.id] = LiveCall(header: header)
        append(.began, of: call.id, at: time, mayUseReserve: true)
    }

    /// Something happened in a call that goes on; ignored in any other.
    mutating func add(_ item: CallItem, of id: String, at time: MediaTime) {
        append(item, of: id, at: time, mayUseReserve: false)
    }

    /// A call is over.
    mutating func end(_ end: CallEnd, of id: String, at time: MediaTime) {
        guard let call = live[id] else { return }
        var end = end
        end.lostEntries = call.lostEntries
        end.duration += call.offset
        let lostBefore = lostCount
        append(.ended(end), of: id, at: time, mayUseReserve: true)
        if lostCount > lostBefore { hasLostEnds = true }
        remember(id)
    }

    private mutating func remember(_ id: String) {
        over[id] = live.removeValue(forKey: id)
        overOrder.removeAll { $0 == id }
        overOrder.append(id)
        if overOrder.count > Self.mostOver { over[overOrder.removeFirst()] = nil }
    }

    private mutating func append(_ item: CallItem, of id: String, at time: MediaTime, mayUseReserve: Bool) {
        guard var call = live[id] else { return }
        let entry = CallEntry(
            call.header, sequence: call.nextSequence, at: time + call.offset, item.cut(to: Self.mostTextBytes))
        let cost = entry.byteCount
        let room = mayUseReserve ? reserve : 0
        if waiting.count < capacity + room, bytes + cost <= (capacity + room) * Self.bytesPerEntry {
            waiting.append(Waiting(entry: entry, cost: cost))
            bytes += cost
        } else {
            call.lostEntries += 1
            lostCount += 1
        }
        call.nextSequence += 1
        live[id] = call
    }

    /// The entries that are to be written next; they stay until they are removed.
    func first(_ count: Int) -> [CallEntry] { waiting.prefix(count).map(\.entry) }

    /// The first entries were written, or given up.
    mutating func removeFirst(_ count: Int, lost: Int = 0) {
        for _ in 0..<min(count, waiting.count) { bytes -= waiting.removeFirst().cost }
        lostCount += lost
    }

    /// The store was told which calls go on.
    mutating func hasSettled() { hasLostEnds = false }
    /// An end could not be written.
    mutating func needsSettling() { hasLostEnds = true }
}

extension CallItem {
    /// The item with its texts cut.
    fileprivate func cut(to bytes: Int) -> CallItem {
        switch self {
        case .began, .turn: return self
        case .utterance(var utterance):
            utterance.heard = utterance.heard.cut(to: bytes)
            utterance.planned = utterance.planned.cut(to: bytes)
            return .utterance(utterance)
        case .toolCall(var call):
            call.arguments = call.arguments.cut(to: bytes)
            call.result = call.result?.cut(to: bytes)
            return .toolCall(call)
        case .event(var event):
            event.text = event.text?.cut(to: bytes)
            return .event(event)
        case .ended(var end):
            end.error = end.error?.cut(to: bytes)
            return .ended(end)
        }
    }
}

extension CallEntry {
    /// About what the entry takes in memory; the header is shared by the entries of a call.
    fileprivate var byteCount: Int {
        let texts: [String?] =
            switch item {
            case .began: call.attributes.map { $0.key + $0.value }
            case .turn: []
            case .utterance(let utterance): [utterance.heard, utterance.planned]
            case .toolCall(let call): [call.name, call.arguments, call.result]
            case .event(let event): [event.kind, event.name, event.text]
            case .ended(let end): [end.error, end.recording]
            }
        return texts.reduce(512) { $0 + ($1?.utf8.count ?? 0) }
    }
}

extension String {
    /// The text up to a number of bytes, with an ellipsis where something is missing.
    fileprivate func cut(to bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: bytes)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return self[..<end] + "…"
    }
}
