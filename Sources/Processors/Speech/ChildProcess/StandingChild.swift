// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A program that stays: it is told something, answers, and waits for more.
///
/// Started as ``ChildProcess`` starts one. Killed and reaped when nobody holds it any more.
package final class StandingChild: Sendable {
    /// What came of a wait for the program.
    package enum Reading: Sendable, Equatable {
        /// It wrote something.
        case output([UInt8])
        /// It wrote nothing for as long as was waited.
        case silence
        /// It has ended, or was killed; the first line of its error output.
        case end(String)
    }

    private let handle = ChildProcessHandle()
    private let child: Mutex<SpawnedChild>

    /// Starts a program.
    ///
    /// - Throws: What says why it could not be started.
    package init(program: String, arguments: [String]) throws {
        guard let path = ChildProcess.locate(program) else { throw ChildProcessError.notFound(program: program) }
        do throws(Errno) {
            var child = try SpawnedChild(path: path, arguments: [program] + arguments, handle: handle)
            child.expectsMore = true
            self.child = Mutex(child)
        } catch {
            throw ChildProcessError.notStarted(program: program, code: error.code)
        }
    }

    deinit { handle.kill() }

    /// Gives the program something to read; it is written while ``read(waitingAtMost:)`` waits.
    package func tell(_ text: String) {
        child.withLock { $0.input.append(contentsOf: text.utf8) }
    }

    /// Waits until the program has written something; holds its thread.
    package func read(waitingAtMost limit: Duration) -> Reading {
        let deadline = ContinuousClock.now + limit
        return child.withLock { child in
            while true {
                let output = child.takeOutput()
                if !output.isEmpty { return .output(output) }
                if child.hasEnded { return .end(Self.firstLine(child.errorOutput)) }
                let remaining = deadline - .now
                guard remaining > .zero else { return .silence }
                child.exchange(waitingAtMost: remaining)
            }
        }
    }

    /// Ends the program, from any thread; who waits for it is told.
    package func kill() { handle.cancel() }

    private static func firstLine(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
