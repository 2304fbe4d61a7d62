// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Synchronization

/// Keeps calls in an SQLite file, which several processes may share.
///
/// The file is in WAL mode: readers and the one writer do not wait for each other, and a process that is killed leaves it
/// whole. What is erased is overwritten with zeros. The file is for its owner's eyes only.
///
/// - SeeAlso: https://www.sqlite.org/wal.html
public final class SQLiteCallStore: CallStore {
    let path: String
    let pool: DatabasePool
    let owners: OwnerLocks
    /// The number of this process in the file, once it has written something.
    let owner = Mutex<Int64?>(nil)
    private let inode: ino_t

    /// Opens a file, or creates it with the directories above it.
    ///
    /// - Parameters:
    ///   - busyTimeout: How long to wait for somebody else's lock, in seconds.
    ///   - prepare: Sets up each connection further; for tests.
    /// - Throws: ``CallStoreError``: `unavailable` when the file cannot be opened or is locked, `damaged` when it is no
    ///   file of calls.
    public convenience init(path: String, busyTimeout: Double = 1) throws(CallStoreError) {
        try self.init(path: path, busyTimeout: busyTimeout, prepare: nil)
    }

    init(
        path: String, busyTimeout: Double, prepare: (@Sendable (Database) throws -> Void)?
    ) throws(CallStoreError) {
        self.path = path
        inode = try Self.createFile(path)
        owners = try OwnerLocks(path: path + "-owners")
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try prepare?(db)
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.write(RecordsSchema.migrate)
        } catch {
            throw CallStoreError(error, path)
        }
    }

    public func close() {
        if let process = owner.withLock({ $0 }) {
            _ = try? settle(live: [])
            _ = try? pool.write { try $0.execute(sql: "DELETE FROM processes WHERE number = ?", arguments: [process]) }
            owners.release(process)
        }
        try? pool.close()
    }

    /// Does something with the file; what GRDB throws becomes an error of ours.
    func access<Value>(_ body: () throws -> Value) throws(CallStoreError) -> Value {
        do { return try body() } catch { throw CallStoreError(error, path) }
    }

    /// Whether the path still leads to the file that is open.
    var isInPlace: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_ino == inode
    }

    /// Makes sure that there is a file, before SQLite makes one that everybody may read.
    private static func createFile(_ path: String) throws(CallStoreError) -> ino_t {
        var parents = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        var missing: [String] = []
        while !parents.isEmpty, Glibc.access(parents.joined(separator: "/"), F_OK) != 0 {
            let directory = parents.joined(separator: "/")
            if !directory.isEmpty { missing.append(directory) }
            parents = parents.dropLast()
        }
        for directory in missing.reversed() { mkdir(directory, 0o755) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw CallStoreError(.unavailable, "\(path): \(String(cString: strerror(errno)))")
        }
        Glibc.close(descriptor)
        return status.st_ino
    }
}

extension CallStoreError {
    /// Says of what kind an error of SQLite is, without the values that were to be written.
    init(_ error: any Error, _ path: String) {
        if var own = error as? CallStoreError {
            if !own.message.hasPrefix(path) { own.message = "\(path) \(own.message)" }
            self = own
        } else if let error = error as? DatabaseError {
            let fact = error.message ?? "error \(error.resultCode.rawValue)"
            switch error.resultCode {
            case .SQLITE_FULL: self.init(.unavailable, "\(path): the disk is full; free some space")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                self.init(.unavailable, "\(path): another program holds the file; end it or wait")
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_SCHEMA:
                self.init(.damaged, "\(path): \(fact); move the file away, and a new one is begun")
            case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE:
                self.init(.refused, "\(path): \(fact)")
            default: self.init(.unavailable, "\(path): \(fact); check the file and its directory")
            }
        } else {
            self.init(.unavailable, "\(path): \(error)")
        }
    }
}
