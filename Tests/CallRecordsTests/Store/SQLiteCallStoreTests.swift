// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import PipelineKit
import PipelineTesting
import Testing

@testable import CallRecords

/// What is particular to files.
@Suite struct SQLiteCallStoreTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path("calls.sqlite") }

    init() throws { directory = try TemporaryDirectory() }

    // MARK: Processes

    @Test func marksAsLostTheCallsOfAProcessThatIsGone() throws {
        let other = try SQLiteCallStore(path: path)
        try other.write(CallEntry.example(.example(1), end: false))
        do {
            // It goes without a word: its lock goes with it.
            let killed = try SQLiteCallStore(path: path)
            try killed.write(CallEntry.example(.example(1, id: "killed"), end: false))
            try killed.write(CallEntry.example(.example(2, id: "over")))
            #expect(try other.recoverLost() == 0)
        }
        #expect(try other.recoverLost() == 1)
        #expect(try other.recoverLost() == 0)
        let states = try other.calls(CallFilter()).map { "\($0.header.id) \($0.state)" }
        #expect(states.sorted() == ["CA1 active", "killed lost", "over ended"])
        #expect(try other.history(of: "killed")?.utterances.count == 2)
        other.close()
    }

    @Test func anEndInGoodOrderLeavesNothingActive() throws {
        let store = try SQLiteCallStore(path: path)
        try store.write(CallEntry.example(.example(1), end: false))
        store.close()
        let next = try SQLiteCallStore(path: path)
        #expect(try next.calls(CallFilter()).map(\.state) == [.lost])
        #expect(try next.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM processes") } == 0)
        next.close()
    }

    @Test func severalProcessesMayOpenAFileAtOnce() async throws {
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for process in 1...4 {
                group.addTask {
                    let store = try SQLiteCallStore(path: path, busyTimeout: 10)
                    for serial in 1...20 {
                        try store.write(CallEntry.example(.example(serial, id: "\(process)-\(serial)")))
                    }
                    store.close()
                }
            }
            try await group.waitForAll()
        }
        let store = try SQLiteCallStore(path: path)
        let calls = try store.calls(CallFilter(limit: 1000))
        #expect(calls.count == 80)
        #expect(Set(calls.map(\.state)) == [.ended])
        for process in 1...4 {
            let history = try store.history(of: "\(process)-20")
            #expect(history == .example(.example(20, id: "\(process)-20")))
        }
        store.close()
    }

    // MARK: Trouble

    @Test func aLockedFileIsUnavailableForAsLongAsItIsLocked() throws {
        let store = try SQLiteCallStore(path: path, busyTimeout: 0.01)
        try store.write(CallEntry.example(.example(1)))
        let other = try Holder.queue(path)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = #expect(throws: CallStoreError.self) { try store.write(CallEntry.example(.example(2))) }
        #expect(error?.kind == .unavailable)
        #expect(error?.message == "\(path): another program holds the file; end it or wait")
        // Who reads need not wait.
        #expect(try store.history(of: "CA1") == .example(.example(1)))
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        try store.write(CallEntry.example(.example(2)))
        #expect(try store.history(of: "CA2") == .example(.example(2)))
        store.close()
    }

    @Test func aFullDiskIsUnavailableUntilThereIsRoom() throws {
        let store = try SQLiteCallStore(path: path, busyTimeout: 1) { db in
            try db.execute(sql: "PRAGMA max_page_count = 40")
        }
        var written = 0
        let error = #expect(throws: CallStoreError.self) {
            for serial in 1...1000 {
                try store.write(CallEntry.example(.example(serial)))
                written = serial
            }
        }
        #expect(error == CallStoreError(.unavailable, "\(path): the disk is full; free some space"))
        #expect(written > 0)
        // What was written is whole, what was not is not there at all.
        #expect(try store.calls(CallFilter(limit: 1000)).count == written)
        #expect(try store.history(of: "CA\(written)") == .example(.example(written)))
        try store.pool.write { try $0.execute(sql: "PRAGMA max_page_count = 1000") }
        try store.write(CallEntry.example(.example(written + 1)))
        #expect(try store.history(of: "CA\(written + 1)") == .example(.example(written + 1)))
        store.close()
    }

    @Test func saysWhatIsWrongWithAFile() throws {
        try directory.write(Array("no database at all, but a text of some length".utf8), to: "text")
        let text = #expect(throws: CallStoreError.self) { try SQLiteCallStore(path: directory.path("text")) }
        #expect(text?.kind == .damaged)
        #expect(text?.message.hasSuffix("move the file away, and a new one is begun") == true)

        let foreign = try DatabaseQueue(path: directory.path("foreign"))
        try foreign.write { try $0.execute(sql: "CREATE TABLE recipes (name TEXT)") }
        let recipes = #expect(throws: CallStoreError.self) { try SQLiteCallStore(path: directory.path("foreign")) }
        #expect(recipes?.message.contains("is a database of something else") == true)

        try SQLiteCallStore(path: path).pool.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        let newer = #expect(throws: CallStoreError.self) { try SQLiteCallStore(path: path) }
        #expect(newer?.message.contains("newer version") == true)

        let place = #expect(throws: CallStoreError.self) { try SQLiteCallStore(path: "/proc/nowhere/calls.sqlite") }
        #expect(place?.kind == .unavailable)
    }

    @Test func noticesThatTheFileWasMovedAway() throws {
        let store = try SQLiteCallStore(path: path)
        rename(path, directory.path("old.sqlite"))
        let error = #expect(throws: CallStoreError.self) { try store.recoverLost() }
        #expect(error?.kind == .damaged)
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func survivesDamage(seed: UInt64) throws {
        let store = try SQLiteCallStore(path: path)
        for serial in 1...10 { try store.write(CallEntry.example(.example(serial))) }
        store.close()
        var random = SeededGenerator(seed: seed)
        var bytes = directory.bytes("calls.sqlite")
        for _ in 0..<20 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        if seed % 4 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
        for name in directory.names() { unlink(directory.path(name)) }
        try directory.write(bytes, to: "calls.sqlite")
        // Whatever comes of it is a value or an error.
        guard let damaged = try? SQLiteCallStore(path: path) else { return }
        _ = try? damaged.recoverLost()
        for call in (try? damaged.calls(CallFilter())) ?? [] { _ = try? damaged.history(of: call.header.id)?.json }
        _ = try? damaged.write(CallEntry.example(.example(11)))
        _ = try? damaged.erase(.number("+15550100"), limit: 10) { _ in }
        damaged.close()
    }

    // MARK: Privacy

    @Test func nothingRemainsOfWhatWasErased() throws {
        let store = try SQLiteCallStore(path: path)
        for serial in 1...50 { try store.write(CallEntry.example(.example(serial, from: "+1555\(1000 + serial)"))) }
        let secret = CallHeader.example(51, id: "CAerased", from: "+15557777")
        try store.write([CallEntry(secret, sequence: 0, at: .zero, .began)])
        let words = String(repeating: "my mother's maiden name is Habakuk. ", count: 400)
        try store.write([
            CallEntry(secret, sequence: 1, at: .zero, .utterance(Utterance(.caller, turn: 1, heard: words))),
            CallEntry(secret, sequence: 2, at: .zero, .ended(.example)),
        ])
        #expect(directory.contains("Habakuk"))
        #expect(try store.erase(.number("+15557777"), limit: 10) { _ in } == 1)
        for text in ["Habakuk", "15557777", "CAerased"] { #expect(!directory.contains(text), "\(text)") }
        #expect(directory.contains("An appointment, please."))
        store.close()
        #expect(!directory.contains("Habakuk"))
    }

    @Test func filesAreForTheirOwnerAlone() throws {
        let store = try SQLiteCallStore(path: path)
        try store.write(CallEntry.example(.example(1)))
        #expect(directory.names().contains("calls.sqlite-wal"))
        for name in directory.names() {
            var status = stat()
            #expect(stat(directory.path(name), &status) == 0 && status.st_mode & 0o077 == 0, "\(name)")
        }
        store.close()
    }
}

/// Somebody else who holds the file.
enum Holder {
    static func queue(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
