// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The life of one run's process: who may kill it, and that it is reaped exactly once.
///
/// The process id is held under a lock until the process has been reaped, so that no signal can reach a stranger that
/// was given the same id.
package final class ChildProcessHandle: Sendable {
    private struct State {
        var process: pid_t?
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// Creates the life of a process that is not started yet.
    package init() {}

    /// Whether ``cancel()`` was called.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Kills the process, or keeps it from being started.
    ///
    /// Callable from any thread, at any time.
    package func cancel() {
        state.withLock { state in
            state.isCancelled = true
            if let process = state.process { signalGroup(process) }
        }
    }

    /// Starts the process unless cancelled.
    ///
    /// - Parameter spawn: Gives the new process's id.
    /// - Throws: What `spawn` throws; `ECANCELED` when cancelled.
    func start(_ spawn: () throws(Errno) -> pid_t) throws(Errno) {
        let result: Result<Void, Errno> = state.withLock { state in
            guard !state.isCancelled else { return .failure(Errno(code: ECANCELED)) }
            do throws(Errno) {
                state.process = try spawn()
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// The exit status when the process has ended (128 + the signal that ended it); `nil` while it runs.
    func reap() -> Int32? {
        state.withLock { state in
            guard let process = state.process else { return 0 }
            var info = siginfo_t()
            // Looks without reaping: as long as the process is there its group's id is nobody else's.
            guard waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD else {
                return nil
            }
            return end(process, &state)
        }
    }

    /// Kills and reaps the process if it is still there.
    func kill() {
        state.withLock { state in
            guard let process = state.process else { return }
            _ = end(process, &state)
        }
    }

    /// Kills whatever is left of the group, then reaps its leader.
    private func end(_ process: pid_t, _ state: inout State) -> Int32 {
        signalGroup(process)
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        state.process = nil
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    private func signalGroup(_ process: pid_t) { _ = Glibc.kill(-process, SIGKILL) }
}
