// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables, and how a file of an older version becomes one of this version.
///
/// `PRAGMA user_version` counts the steps that a file has taken; they are taken in one transaction that holds the write
/// lock, so that several processes may open a file at once.
enum RecordsSchema {
    /// Marks a file as one of ours ("CALR").
    static let applicationID = 0x4341_4C52

    private static let steps = [version1]

    /// Takes the steps that are missing.
    static func migrate(_ db: Database) throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard application == applicationID || tables == 0 else {
            throw CallStoreError(.damaged, "is a database of something else; name another file under 'records.path'")
        }
        guard version <= steps.count else {
            throw CallStoreError(
                .damaged, "was written by a newer version of this program; upgrade it, or name another file")
        }
        guard version < steps.count else { return }
        for step in steps[version...] { try db.execute(sql: step) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(steps.count)")
    }

    // Times of calls are milliseconds since 1970, times in calls nanoseconds since the call began. What belongs to a call
    // is clustered by it and goes with it.
    private static let version1 = """
        CREATE TABLE processes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            pid INTEGER NOT NULL,
            began_ms INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE calls (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            process INTEGER NOT NULL,
            serial INTEGER NOT NULL,
            id TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('active', 'ended', 'lost')),
            pipeline TEXT NOT NULL,
            transport TEXT NOT NULL,
            direction TEXT,
            from_number TEXT,
            to_number TEXT,
            began_ms INTEGER NOT NULL,
            ended_ms INTEGER,
            duration_ns INTEGER,
            end_reason TEXT,
            error TEXT,
            recording TEXT,
            lost_entries INTEGER NOT NULL DEFAULT 0,
            UNIQUE (process, serial)
        ) STRICT;
        CREATE INDEX calls_by_id ON calls (id);
        CREATE INDEX calls_by_beginning ON calls (began_ms);
        CREATE INDEX calls_by_end ON calls (ended_ms) WHERE state <> 'active';
        CREATE INDEX calls_by_caller ON calls (from_number);
        CREATE INDEX calls_by_callee ON calls (to_number);
        CREATE INDEX active_calls ON calls (process, serial) WHERE state = 'active';
        CREATE TABLE call_attributes (
            call INTEGER NOT NULL REFERENCES calls ON DELETE CASCADE,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (call, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE utterances (
            call INTEGER NOT NULL REFERENCES calls ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            at_ns INTEGER NOT NULL,
            turn INTEGER NOT NULL,
            speaker TEXT NOT NULL CHECK (speaker IN ('caller', 'agent')),
            heard TEXT NOT NULL,
            planned TEXT NOT NULL,
            is_interrupted INTEGER NOT NULL,
            PRIMARY KEY (call, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE turns (
            call INTEGER NOT NULL REFERENCES calls ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            at_ns INTEGER NOT NULL,
            turn INTEGER NOT NULL,
            gap_ns INTEGER NOT NULL,
            PRIMARY KEY (call, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE turn_parts (
            call INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            duration_ns INTEGER NOT NULL,
            PRIMARY KEY (call, sequence, position),
            FOREIGN KEY (call, sequence) REFERENCES turns ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE tool_calls (
            call INTEGER NOT NULL REFERENCES calls ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            at_ns INTEGER NOT NULL,
            turn INTEGER NOT NULL,
            name TEXT NOT NULL,
            arguments TEXT NOT NULL,
            result TEXT,
            outcome TEXT NOT NULL,
            duration_ns INTEGER NOT NULL,
            PRIMARY KEY (call, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE events (
            call INTEGER NOT NULL REFERENCES calls ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            at_ns INTEGER NOT NULL,
            kind TEXT NOT NULL,
            turn INTEGER,
            name TEXT,
            value REAL,
            text TEXT,
            PRIMARY KEY (call, sequence)
        ) STRICT, WITHOUT ROWID;
        """
}
