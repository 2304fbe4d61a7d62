// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells which of the processes that share a file are still there: each holds a lock on a byte of its own, which the
/// kernel lets go when the process is gone, however it went.
///
/// Needs neither clocks nor process ids, so that it is right across restarts, reboots and containers that share a
/// directory. Locks belong to the open file, not to the process (`F_OFD_SETLK`, Linux): two stores of one process do not
/// mistake each other for themselves.
final class OwnerLocks: Sendable {
    // <linux/fcntl.h>; Glibc shows them only with _GNU_SOURCE.
    private static let getLock: Int32 = 36
    private static let setLock: Int32 = 37

    private let descriptor: Int32

    /// Opens the file of locks, or creates it.
    ///
    /// - Throws: ``CallStoreError`` when it cannot be opened.
    init(path: String) throws(CallStoreError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CallStoreError(.unavailable, "\(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Takes the byte of a process; `false` when somebody else has it.
    func claim(_ process: Int64) -> Bool {
        var lock = Self.lock(process)
        return fcntl(descriptor, Self.setLock, &lock) == 0
    }

    /// Lets go of the byte of a process.
    func release(_ process: Int64) {
        var lock = Self.lock(process)
        lock.l_type = Int16(F_UNLCK)
        _ = fcntl(descriptor, Self.setLock, &lock)
    }

    /// Whether a process other than this one is there; also `true` when that cannot be found out.
    func isClaimed(_ process: Int64) -> Bool {
        var lock = Self.lock(process)
        guard fcntl(descriptor, Self.getLock, &lock) == 0 else { return true }
        return lock.l_type != Int16(F_UNLCK)
    }

    private static func lock(_ process: Int64) -> Glibc.flock {
        var lock = Glibc.flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Int(process)
        lock.l_len = 1
        return lock
    }
}
