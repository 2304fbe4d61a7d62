// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import GRDB
import PipelineKit

extension SQLiteCallStore {
    /// Most entries of one kind that a history shows.
    private static let mostEntries = 100_000

    public func calls(_ filter: CallFilter) throws(CallStoreError) -> [RecordedCall] {
        try access { try pool.read { db in try Self.rows(filter, db).map { try Self.call($0, db) } } }
    }

    public func histories(_ filter: CallFilter) throws(CallStoreError) -> [CallHistory] {
        try access { try pool.read { db in try Self.rows(filter, db).map { try Self.history($0, db) } } }
    }

    public func history(of id: String) throws(CallStoreError) -> CallHistory? {
        try access {
            try pool.read { db in
                let newest = Self.selection + " WHERE id = ? ORDER BY number DESC LIMIT 1"
                return try Row.fetchOne(db, sql: newest, arguments: [id]).map { try Self.history($0, db) }
            }
        }
    }

    private static func rows(_ filter: CallFilter, _ db: Database) throws -> [Row] {
        let (condition, arguments) = condition(filter)
        return try Row.fetchAll(
            db, sql: selection + " WHERE \(condition) ORDER BY began_ms DESC, number DESC LIMIT ? OFFSET ?",
            arguments: arguments + [filter.limit, filter.offset])
    }

    private static func history(_ row: Row, _ db: Database) throws -> CallHistory {
        let number: Int64 = try row.get("number")
        return CallHistory(
            try call(row, db), utterances: try entries("utterances", of: number, db, utterance),
            turns: try turns(of: number, db), toolCalls: try entries("tool_calls", of: number, db, toolCall),
            events: try entries("events", of: number, db, event))
    }

    private static func condition(_ filter: CallFilter) -> (String, StatementArguments) {
        var conditions = ["TRUE"]
        var arguments: StatementArguments = []
        if let number = filter.number {
            let spellings = PhoneNumber.spellings(of: number)
            let marks = spellings.map { _ in "?" }.joined(separator: ", ")
            conditions.append("(from_number IN (\(marks)) OR to_number IN (\(marks)))")
            arguments += StatementArguments(spellings + spellings)
        }
        let tests: [(String, (any DatabaseValueConvertible)?)] = [
            ("state = ?", filter.state?.rawValue), ("end_reason = ?", filter.reason),
            ("began_ms >= ?", filter.since?.milliseconds), ("began_ms < ?", filter.until?.milliseconds),
            ("pipeline = ?", filter.pipeline),
        ]
        for case (let test, let value?) in tests {
            conditions.append(test)
            arguments += [value]
        }
        return (conditions.joined(separator: " AND "), arguments)
    }

    // MARK: Rows

    private static let selection = """
        SELECT calls.*, (SELECT count(*) FROM turns WHERE call = number) AS turn_count,
            (SELECT max(gap_ns) FROM turns WHERE call = number) AS longest_gap_ns
        FROM calls
        """

    private static func call(_ row: Row, _ db: Database) throws -> RecordedCall {
        let attributes = try Row.fetchAll(
            db, sql: "SELECT name, value FROM call_attributes WHERE call = ?",
            arguments: [try row.get("number") as Int64])
        let pairs: [(String, String)] = try attributes.map { (try $0.get("name"), try $0.get("value")) }
        let header = CallHeader(
            serial: try row.get("serial"), id: try row.get("id"), pipeline: try row.get("pipeline"),
            transport: try row.get("transport"), from: try row.get("from_number"), to: try row.get("to_number"),
            direction: try row.get("direction"), attributes: Dictionary(pairs) { first, _ in first },
            began: WallTime(milliseconds: try row.get("began_ms")))
        let state = CallState(rawValue: try row.get("state")) ?? .lost
        let gap: Int64? = try row.get("longest_gap_ns")
        return RecordedCall(
            header, state: state, end: state == .ended ? try end(row) : nil, turnCount: try row.get("turn_count"),
            longestGap: gap.map { .nanoseconds($0) })
    }

    private static func end(_ row: Row) throws -> CallEnd {
        CallEnd(
            reason: try row.get("end_reason"), error: try row.get("error"),
            duration: .nanoseconds(try row.get("duration_ns") as Int64),
            time: WallTime(milliseconds: try row.get("ended_ms")), recording: try row.get("recording"),
            lostEntries: try row.get("lost_entries"))
    }

    private static func utterance(_ row: Row) throws -> Utterance {
        Utterance(
            Utterance.Speaker(rawValue: try row.get("speaker")) ?? .caller, turn: try row.get("turn"),
            heard: try row.get("heard"), planned: try row.get("planned"), isInterrupted: try row.get("is_interrupted"))
    }

    private static func toolCall(_ row: Row) throws -> ToolCall {
        ToolCall(
            turn: try row.get("turn"), name: try row.get("name"), arguments: try row.get("arguments"),
            result: try row.get("result"), outcome: try row.get("outcome"),
            duration: .nanoseconds(try row.get("duration_ns") as Int64))
    }

    private static func event(_ row: Row) throws -> CallEvent {
        CallEvent(
            try row.get("kind"), turn: try row.get("turn"), name: try row.get("name"), value: try row.get("value"),
            text: try row.get("text"))
    }

    private static func turns(of call: Int64, _ db: Database) throws -> [CallHistory.Timed<TurnRecord>] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM turn_parts WHERE call = ? ORDER BY sequence, position LIMIT \(8 * mostEntries)",
            arguments: [call])
        let parts = try Dictionary(grouping: rows) { try $0.get("sequence") as Int }
        return try entries("turns", of: call, db) { row in
            TurnRecord(
                turn: TurnID(try row.get("turn")), gap: .nanoseconds(try row.get("gap_ns") as Int64),
                parts: try (parts[try row.get("sequence")] ?? []).map {
                    .init(name: try $0.get("name"), duration: .nanoseconds(try $0.get("duration_ns") as Int64))
                })
        }
    }

    private static func entries<Value>(
        _ table: String, of call: Int64, _ db: Database, _ value: (Row) throws -> Value
    ) throws -> [CallHistory.Timed<Value>] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM \(table) WHERE call = ? ORDER BY sequence LIMIT \(mostEntries)", arguments: [call])
        return try rows.map { CallHistory.Timed(MediaTime(nanoseconds: try $0.get("at_ns")), try value($0)) }
    }
}

extension Row {
    /// A column's value; throws where a subscript would trap, as somebody else may have changed the file.
    fileprivate func get<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: String
    ) throws -> Value {
        try decode(Value.self, forColumn: column)
    }
}
