// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A program that is run once, from its input to the end of its output.
///
/// Started without a shell, in a process group of its own, with an empty environment but for `PATH` and a UTF-8 locale
/// (this process may hold secrets in its own) and with no descriptor but its three. However a run ends, the program and
/// whatever it started have been killed, it has been reaped, and no descriptor is left. Blocks: runs on a worker.
package struct ChildProcess: Sendable {
    /// The program's name, looked for in `PATH`, or its path.
    package var program: String
    /// Its arguments, without its name.
    package var arguments: [String] = []
    /// Wall-clock time that a run may take.
    package var timeLimit = Duration.seconds(10)
    /// Bytes that it may write.
    package var outputLimitBytes: Int

    /// Describes a run.
    package init(
        program: String, arguments: [String] = [], timeLimit: Duration = .seconds(10),
        outputLimitBytes: Int = 64 << 20
    ) {
        self.program = program
        self.arguments = arguments
        self.timeLimit = timeLimit
        self.outputLimitBytes = outputLimitBytes
    }

    /// Runs the program without input and returns what it wrote to its output.
    ///
    /// - Throws: What says why there is none.
    package func output() throws -> [UInt8] { try run() }

    /// Runs the program and returns what it wrote to its output.
    ///
    /// - Parameters:
    ///   - input: What it reads from its input, and then the end.
    ///   - handle: Cancels the run from any thread; one run per handle.
    /// - Throws: ``ChildProcessError``.
    package func run(
        input: [UInt8] = [], handle: ChildProcessHandle = ChildProcessHandle()
    ) throws(ChildProcessError) -> [UInt8] {
        let deadline = ContinuousClock.now + timeLimit
        var child = try spawn(handle)
        defer { handle.kill() }
        let output = try converse(&child, input: input, deadline: deadline)
        let status = try reap(handle, deadline: deadline)
        if handle.isCancelled { throw .cancelled }
        guard status == 0 else {
            throw .failed(program: program, status: status, message: firstLine(child.errorOutput))
        }
        return output
    }

    private func spawn(_ handle: ChildProcessHandle) throws(ChildProcessError) -> SpawnedChild {
        guard let path = Self.locate(program) else { throw .notFound(program: program) }
        do {
            return try SpawnedChild(path: path, arguments: [program] + arguments, handle: handle)
        } catch {
            if handle.isCancelled { throw .cancelled }
            throw .notStarted(program: program, code: error.code)
        }
    }

    private func converse(
        _ child: inout SpawnedChild, input: [UInt8], deadline: ContinuousClock.Instant
    ) throws(ChildProcessError) -> [UInt8] {
        child.input = input[...]
        while !child.hasEnded {
            let remaining = deadline - .now
            guard remaining > .zero else { throw .timedOut(program: program, limit: timeLimit) }
            child.exchange(waitingAtMost: remaining)
            guard child.output.count <= outputLimitBytes else {
                throw .tooMuchOutput(program: program, limitBytes: outputLimitBytes)
            }
        }
        return child.output
    }

    /// The program has closed its outputs; waits for its end too.
    private func reap(
        _ handle: ChildProcessHandle, deadline: ContinuousClock.Instant
    ) throws(ChildProcessError) -> Int32 {
        while true {
            if let status = handle.reap() { return status }
            guard ContinuousClock.now < deadline else { throw .timedOut(program: program, limit: timeLimit) }
            poll(nil, 0, 1)
        }
    }

    private func firstLine(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}

extension ChildProcess {
    /// The path of an executable file: `program` itself when it contains a slash, else the first in `PATH`.
    static func locate(_ program: String) -> String? {
        if program.contains("/") { return isExecutable(program) ? program : nil }
        return searchPath.split(separator: ":").lazy.map { "\($0)/\(program)" }.first(where: isExecutable)
    }

    /// The directories that programs are looked for in.
    static var searchPath: String { getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin" }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
