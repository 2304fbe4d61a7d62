// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file descriptor with one owner, closed when the owner lets go of it.
///
/// Not inherited by programs that are started.
struct Descriptor: ~Copyable {
    /// The descriptor's number.
    let number: Int32

    /// Takes over a descriptor.
    init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Two connected sockets, so that writing to one whose other end is gone is an error and not a `SIGPIPE`.
    ///
    /// - Throws: `Errno` when the process has no descriptors left.
    static func connectedPair() throws(Errno) -> DescriptorPair {
        var numbers: (Int32, Int32) = (-1, -1)
        let result = withUnsafeMutableBytes(of: &numbers) { bytes in
            socketpair(
                AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0,
                bytes.bindMemory(to: Int32.self).baseAddress)
        }
        guard result == 0 else { throw Errno(code: errno) }
        return DescriptorPair(ours: Descriptor(owning: numbers.0), theirs: Descriptor(owning: numbers.1))
    }

    /// Makes reads and writes return at once when there is nothing to read or no room.
    func setNonBlocking() {
        // fcntl is variadic in C; ioctl's Swift overlay takes the flag by pointer.
        var isOn: Int32 = 1
        _ = ioctl(number, UInt(FIONBIO), &isOn)
    }
}

/// Both ends of a connection.
struct DescriptorPair: ~Copyable {
    /// The end that this process keeps.
    let ours: Descriptor
    /// The end that the other process gets.
    let theirs: Descriptor
}

/// A code of the C library's `errno`.
struct Errno: Error, Equatable {
    /// The code.
    let code: Int32
}
