// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Numbers that are spoken over several utterances: an utterance that ends in digits waits for the speaker's next one.
///
/// What waits is written when it is known how the number goes on: when the same side says something else, when the call is
/// over, or when something happens in it after a while. The entries of a call keep their order, so that those behind an
/// utterance wait too; their number is bounded. A value: take a copy, and keep it when what it let pass has been written.
struct OpenNumbers {
    /// The longest pause within a number.
    private static let longestPause = Duration.seconds(20)
    /// Entries of a call that wait.
    private static let mostWaiting = 50
    /// Entries of all calls that wait: their texts are in memory.
    private static let mostInAll = 2000

    private let redactor: Redactor
    private let digits: DigitRedactor
    /// The entries that wait, by the serial of their call.
    private var waiting: [Int: [CallEntry]] = [:]
    private var waitingCount = 0

    /// Begins with nothing that waits.
    ///
    /// - Parameter digits: What `redactor` knows of digits.
    init(_ redactor: Redactor, _ digits: DigitRedactor) {
        self.redactor = redactor
        self.digits = digits
    }

    /// Takes the next entry of a call; returns what can be written, in order, with numbers hidden that go over several
    /// utterances.
    mutating func pass(_ entry: CallEntry) -> [CallEntry] {
        let serial = entry.call.serial
        let before = waiting.removeValue(forKey: serial) ?? []
        waitingCount -= before.count
        let entries = before + [entry]
        guard waitingCount + entries.count <= Self.mostInAll, isOpen(entries) else { return hidden(entries) }
        waiting[serial] = entries
        waitingCount += entries.count
        return []
    }

    /// Everything that waits, as the numbers are so far.
    mutating func takeAll() -> [CallEntry] {
        defer { (waiting, waitingCount) = ([:], 0) }
        return waiting.sorted { $0.key < $1.key }.flatMap { hidden($0.value) }
    }

    private static func opens(_ entry: CallEntry, _ digits: DigitRedactor) -> Bool {
        guard case .utterance(let utterance) = entry.item else { return false }
        return digits.edges(of: utterance.heard).trailing > 0
    }

    /// Whether a number of the waiting entries may still go on.
    private func isOpen(_ entries: [CallEntry]) -> Bool {
        guard entries.count <= Self.mostWaiting, let last = entries.last else { return false }
        if case .ended = last.item { return false }
        return [Utterance.Speaker.caller, .agent].contains { speaker in
            let spoken = entries.last { $0.utterance?.speaker == speaker }
            guard let spoken, Self.opens(spoken, digits) else { return false }
            return last.time - spoken.time < Self.longestPause
        }
    }

    /// The entries with their numbers hidden, each side's by itself.
    private func hidden(_ entries: [CallEntry]) -> [CallEntry] {
        var entries = entries
        for speaker in [Utterance.Speaker.caller, .agent] {
            let places = entries.indices.filter { entries[$0].utterance?.speaker == speaker }
            let edges = places.map { digits.edges(of: entries[$0].utterance?.heard ?? "") }
            for (position, place) in places.enumerated() {
                guard var utterance = entries[place].utterance else { continue }
                let before = Self.sum(edges[..<position].reversed()) { $0.trailing }
                let after = Self.sum(edges[(position + 1)...]) { $0.leading }
                utterance.heard = redactor.redact(utterance.heard, before: before, after: after)
                utterance.planned = redactor.redact(utterance.planned, before: before, after: after)
                entries[place].item = .utterance(utterance)
            }
        }
        return entries
    }

    /// The digits of the utterances next to one, as far as they are nothing but numbers, and of the one behind them.
    private static func sum(
        _ edges: some Sequence<DigitRedactor.Edges>, _ count: (DigitRedactor.Edges) -> Int
    ) -> Int {
        var sum = 0
        for edge in edges {
            sum += count(edge)
            guard edge.isNumber else { break }
        }
        return sum
    }
}

extension CallEntry {
    fileprivate var utterance: Utterance? {
        if case .utterance(let utterance) = item { utterance } else { nil }
    }
}
