// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// One wait on a loop's clock that can be broken off from any thread.
///
/// `@unchecked Sendable`: touched on the loop alone, but for ``wakeFromAnywhere()``, which hops there.
package final class Sleeper: TimerTarget, @unchecked Sendable {
    private let loop: SessionLoop
    private var continuation: UnsafeContinuation<Void, Never>?
    private var timer: TimerID?
    private var isAwake = false

    /// Creates a wait that has not begun.
    package init(_ loop: SessionLoop) { self.loop = loop }

    /// Returns at `deadline` of the loop's time, if there is one, or when woken.
    package nonisolated(nonsending) func sleep(until deadline: MediaTime?) async {
        await withUnsafeContinuation { continuation in
            if isAwake { return continuation.resume() }
            self.continuation = continuation
            guard let deadline else { return }
            timer = loop.schedule(at: deadline, target: self, token: 0)
        }
    }

    func timerFired(_ token: Int) {
        timer = nil
        wake()
    }

    /// Ends the wait, or lets it not begin.
    package func wakeFromAnywhere() { loop.post { self.wake() } }

    private func wake() {
        isAwake = true
        if let timer { loop.cancel(timer) }
        timer = nil
        continuation?.resume()
        continuation = nil
    }
}

extension SessionLoop {
    /// Runs `body` on the loop, from any thread: at once when already there.
    package func post(_ body: @escaping @Sendable () -> Void) {
        if isOnLoop { return body() }
        Task(executorPreference: self) { body() }
    }
}
