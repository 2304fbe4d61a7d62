// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import GRDB
import PipelineKit

/// Writes entries within a transaction.
///
/// Statements that insert ignore what is there already, so that a batch may be written twice.
struct EntryWriter {
    let db: Database
    /// The number of the process that served the calls.
    let process: Int64
    /// The numbers of the calls by their serials, as far as this transaction has needed them.
    private var numbers: [Int: Int64] = [:]

    /// Prepares to write.
    init(_ db: Database, process: Int64) {
        self.db = db
        self.process = process
    }

    /// Writes one entry.
    mutating func write(_ entry: CallEntry) throws {
        let key = EntryKey(call: try number(of: entry.call), sequence: entry.sequence, time: entry.time)
        switch entry.item {
        case .began: try reopen(key)
        case .utterance(let utterance): try write(utterance, key)
        case .turn(let turn): try write(turn, key)
        case .toolCall(let call): try write(call, key)
        case .event(let event): try write(event, key)
        case .ended(let end): try write(end, key)
        }
    }

    private func execute(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    private mutating func number(of call: CallHeader) throws -> Int64 {
        if let number = numbers[call.serial] { return number }
        let known = try db.cachedStatement(sql: "SELECT number FROM calls WHERE process = ? AND serial = ?")
        let number = try Int64.fetchOne(known, arguments: [process, call.serial]) ?? insert(call)
        numbers[call.serial] = number
        return number
    }

    private func insert(_ call: CallHeader) throws -> Int64 {
        try execute(
            """
            INSERT INTO calls
                (process, serial, id, state, pipeline, transport, direction, from_number, to_number, began_ms)
            VALUES (?, ?, ?, 'active', ?, ?, ?, ?, ?, ?)
            """,
            [
                process, call.serial, call.id, call.pipeline, call.transport, call.direction, call.from, call.to,
                call.began.milliseconds,
            ])
        let number = db.lastInsertedRowID
        for (name, value) in call.attributes {
            try execute("INSERT INTO call_attributes VALUES (?, ?, ?)", [number, name, value])
        }
        return number
    }

    /// A call that was taken for over goes on; a new one is active anyway.
    private func reopen(_ key: EntryKey) throws {
        guard key.sequence > 0 else { return }
        try execute(
            "UPDATE calls SET state = 'active', ended_ms = NULL, end_reason = NULL WHERE number = ?", [key.call])
    }

    private func write(_ utterance: Utterance, _ key: EntryKey) throws {
        try execute(
            "INSERT OR IGNORE INTO utterances VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                key.call, key.sequence, key.time.nanoseconds, utterance.turn, utterance.speaker.rawValue,
                utterance.heard, utterance.planned, utterance.isInterrupted,
            ])
    }

    private func write(_ turn: TurnRecord, _ key: EntryKey) throws {
        try execute(
            "INSERT OR IGNORE INTO turns VALUES (?, ?, ?, ?, ?)",
            [key.call, key.sequence, key.time.nanoseconds, turn.turn.value, turn.gap.nanoseconds])
        for (position, part) in turn.parts.enumerated() {
            try execute(
                "INSERT OR IGNORE INTO turn_parts VALUES (?, ?, ?, ?, ?)",
                [key.call, key.sequence, position, part.name, part.duration.nanoseconds])
        }
    }

    private func write(_ call: ToolCall, _ key: EntryKey) throws {
        try execute(
            "INSERT OR IGNORE INTO tool_calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                key.call, key.sequence, key.time.nanoseconds, call.turn, call.name, call.arguments, call.result,
                call.outcome, call.duration.nanoseconds,
            ])
    }

    private func write(_ event: CallEvent, _ key: EntryKey) throws {
        try execute(
            "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                key.call, key.sequence, key.time.nanoseconds, event.kind, event.turn, event.name, event.value,
                event.text,
            ])
    }

    private func write(_ end: CallEnd, _ key: EntryKey) throws {
        try execute(
            """
            UPDATE calls SET state = 'ended', ended_ms = ?, duration_ns = ?, end_reason = ?, error = ?, recording = ?,
                lost_entries = ?
            WHERE number = ?
            """,
            [
                end.time.milliseconds, end.duration.nanoseconds, end.reason, end.error, end.recording,
                end.lostEntries, key.call,
            ])
    }
}

/// Where an entry belongs: its call's number in the file, its sequence in the call, its time.
private struct EntryKey {
    var call: Int64
    var sequence: Int
    var time: MediaTime
}
