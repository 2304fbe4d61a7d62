// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a program did not give its output.
package enum ChildProcessError: Error, Equatable {
    /// No executable file of this name is in the directories of `PATH`.
    case notFound(program: String)
    /// The system refused to start it; `code` is its `errno`.
    case notStarted(program: String, code: Int32)
    /// It was still running after the time limit and was killed.
    case timedOut(program: String, limit: Duration)
    /// It wrote more than it may and was killed.
    case tooMuchOutput(program: String, limitBytes: Int)
    /// It ended with a status other than 0 (128 + the signal that killed it); `message` is what it wrote to its error output.
    case failed(program: String, status: Int32, message: String)
    /// The caller took the request back and the program was killed.
    case cancelled
}

extension ChildProcessError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let program):
            "'\(program)' is not installed; install its package or name the program with its path"
        case .notStarted(let program, let code):
            "'\(program)' could not be started: \(String(cString: strerror(code)))"
        case .timedOut(let program, let limit):
            "'\(program)' did not finish within \(limit) and was killed"
        case .tooMuchOutput(let program, let limit):
            "'\(program)' wrote more than \(limit) bytes and was killed"
        case .failed(let program, let status, let message):
            "'\(program)' ended with status \(status)\(message.isEmpty ? "" : ": \(message)")"
        case .cancelled: "cancelled"
        }
    }
}
