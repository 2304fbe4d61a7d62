// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Synchronization

extension SQLiteCallStore {
    public func write(_ entries: [CallEntry]) throws(CallStoreError) {
        guard !entries.isEmpty else { return }
        try access {
            let known = owner.withLock { $0 }
            let process = try pool.write { db in
                let process = try known ?? register(db)
                var writer = EntryWriter(db, process: process)
                for entry in entries { try writer.write(entry) }
                return process
            }
            owner.withLock { $0 = process }
        }
    }

    /// Enters this process and takes its lock before anybody else can see it.
    private func register(_ db: Database) throws -> Int64 {
        try db.execute(
            sql: "INSERT INTO processes (pid, began_ms) VALUES (?, ?)",
            arguments: [Int(getpid()), WallTime.now().milliseconds])
        let process = db.lastInsertedRowID
        guard owners.claim(process) else {
            throw CallStoreError(.unavailable, "-owners: the lock of process \(process) is taken; remove the file")
        }
        return process
    }

    public func settle(live: Set<Int>) throws(CallStoreError) -> Int {
        guard let process = owner.withLock({ $0 }) else { return 0 }
        return try access {
            try pool.write { db in
                let active = try Int.fetchAll(
                    db, sql: "SELECT serial FROM calls WHERE process = ? AND state = 'active'", arguments: [process])
                let lost = active.filter { !live.contains($0) }
                for serial in lost { try Self.markLost("process = ? AND serial = ?", [process, serial], db) }
                return lost.count
            }
        }
    }

    public func recoverLost() throws(CallStoreError) -> Int {
        guard isInPlace else {
            throw CallStoreError(.damaged, "\(path) was moved or removed; a new one is begun")
        }
        let own = owner.withLock { $0 } ?? 0
        return try access {
            try pool.write { db in
                let others = try Int64.fetchAll(
                    db, sql: "SELECT number FROM processes WHERE number <> ?", arguments: [own])
                return try others.filter { !owners.isClaimed($0) }.reduce(0) { count, process in
                    let lost = try Self.markLost("process = ? AND state = 'active'", [process], db)
                    try db.execute(sql: "DELETE FROM processes WHERE number = ?", arguments: [process])
                    return count + lost
                }
            }
        }
    }

    /// Marks calls as lost; the last sign of them counts as their end.
    @discardableResult
    private static func markLost(_ condition: String, _ arguments: StatementArguments, _ db: Database) throws -> Int {
        try db.execute(
            sql: """
                UPDATE calls SET state = 'lost', duration_ns = max(
                    coalesce((SELECT max(at_ns) FROM utterances WHERE call = number), 0),
                    coalesce((SELECT max(at_ns) FROM turns WHERE call = number), 0),
                    coalesce((SELECT max(at_ns) FROM tool_calls WHERE call = number), 0),
                    coalesce((SELECT max(at_ns) FROM events WHERE call = number), 0))
                WHERE \(condition)
                """, arguments: arguments)
        let count = db.changesCount
        try db.execute(
            sql:
                "UPDATE calls SET ended_ms = began_ms + duration_ns / 1000000 WHERE state = 'lost' AND ended_ms IS NULL"
        )
        return count
    }

    public func erase(
        _ erasure: Erasure, limit: Int, removeRecording: (String) throws -> Void
    ) throws(CallStoreError) -> Int {
        let count = try access {
            try pool.write { db in
                let (condition, arguments) = Self.condition(erasure)
                let calls = try Int64.fetchAll(
                    db, sql: "SELECT number FROM calls WHERE state <> 'active' AND \(condition) LIMIT ?",
                    arguments: arguments + [limit])
                for call in calls {
                    let recording = "SELECT recording FROM calls WHERE number = ?"
                    if let path = try String.fetchOne(db, sql: recording, arguments: [call]) {
                        try removeRecording(path)
                    }
                    try db.execute(sql: "DELETE FROM calls WHERE number = ?", arguments: [call])
                }
                return calls.count
            }
        }
        // What was erased is still in the log until it is written back. When somebody reads just now, the next
        // checkpoint does it.
        if count > 0 { _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
        return count
    }

    private static func condition(_ erasure: Erasure) -> (String, StatementArguments) {
        switch erasure {
        case .endedBefore(let time): return ("ended_ms < ?", [time.milliseconds])
        case .number(let number):
            let spellings = PhoneNumber.spellings(of: number)
            let marks = spellings.map { _ in "?" }.joined(separator: ", ")
            let arguments = StatementArguments(spellings)
            return (
                """
                (from_number IN (\(marks)) OR to_number IN (\(marks))
                    OR EXISTS (SELECT 1 FROM call_attributes WHERE call = number AND value IN (\(marks))))
                """, arguments + arguments + arguments
            )
        }
    }
}
