// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CProcess
import Glibc

/// A running program and the conversation with it: what is left to write, and what it wrote so far.
struct SpawnedChild: ~Copyable {
    /// What the program has not read yet.
    var input: ArraySlice<UInt8> = []
    /// Whether the program may be told more once it has read all: its input stays open.
    var expectsMore = false
    /// What it wrote to its output.
    private(set) var output: [UInt8] = []
    /// The first 4 KiB of what it wrote to its error output.
    private(set) var errorOutput: [UInt8] = []
    private let inputEnd: Descriptor
    private let outputEnd: Descriptor
    private let errorEnd: Descriptor
    private var isInputOpen = true
    private var isOutputOpen = true
    private var isErrorOpen = true

    private static let errorLimit = 4096

    /// Starts a program.
    ///
    /// - Throws: The system's refusal; `ECANCELED` when `handle` was cancelled before.
    init(path: String, arguments: [String], handle: ChildProcessHandle) throws(Errno) {
        let input = try Descriptor.connectedPair()
        let output = try Descriptor.connectedPair()
        let errors = try Descriptor.connectedPair()
        let ends = [input.theirs.number, output.theirs.number, errors.theirs.number]
        try handle.start { () throws(Errno) in try Self.spawn(path, arguments, standardDescriptors: ends) }
        input.ours.setNonBlocking()
        output.ours.setNonBlocking()
        errors.ours.setNonBlocking()
        outputEnd = output.ours
        errorEnd = errors.ours
        inputEnd = input.ours
    }

    /// Whether the program, and whatever it started, has closed both of its outputs.
    var hasEnded: Bool { !isOutputOpen && !isErrorOpen }

    /// Takes out what it wrote to its output so far.
    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// Writes and reads what is possible now; waits at most `limit` until something is.
    mutating func exchange(waitingAtMost limit: Duration) {
        if input.isEmpty, isInputOpen, !expectsMore {
            // The program reads the end of its input.
            shutdown(inputEnd.number, Int32(SHUT_WR))
            isInputOpen = false
        }
        // A negative descriptor is one that poll leaves alone.
        var wishes = [
            pollfd(fd: isInputOpen && !input.isEmpty ? inputEnd.number : -1, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: isOutputOpen ? outputEnd.number : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isErrorOpen ? errorEnd.number : -1, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&wishes, nfds_t(wishes.count), Int32(clamping: Int(limit / .milliseconds(1)) + 1)) > 0 else {
            return
        }
        if wishes[0].revents != 0 { write() }
        if wishes[1].revents != 0 { isOutputOpen = Self.read(outputEnd, into: &output, keeping: .max) }
        if wishes[2].revents != 0 {
            isErrorOpen = Self.read(errorEnd, into: &errorOutput, keeping: Self.errorLimit)
        }
    }

    private mutating func write() {
        let number = inputEnd.number
        let written = input.withUnsafeBytes { send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if written > 0 {
            input = input.dropFirst(written)
        } else if errno != EAGAIN, errno != EINTR {
            // The program does not read on; what it makes of what it has read is in its output and status.
            input = []
        }
    }

    /// Returns whether more may come.
    private static func read(_ end: borrowing Descriptor, into bytes: inout [UInt8], keeping limit: Int) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
            let count = Glibc.read(end.number, buffer.baseAddress, buffer.count)
            guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
            bytes.append(contentsOf: buffer.prefix(min(count, max(0, limit - bytes.count))))
            return true
        }
    }
}

extension SpawnedChild {
    private static func spawn(
        _ path: String, _ arguments: [String], standardDescriptors: [Int32]
    ) throws(Errno) -> pid_t {
        let environment = ["PATH=\(ChildProcess.searchPath)", "LC_ALL=C.UTF-8"]
        var process: pid_t = 0
        let code = withCStrings(arguments) { arguments in
            withCStrings(environment) { cprocess_spawn(path, arguments, $0, standardDescriptors, &process) }
        }
        guard code == 0 else { throw Errno(code: code) }
        return process
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
