// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
package import PipelineKit

/// What has arrived and was not taken yet, in order; one side puts in, the other waits.
///
/// `@unchecked Sendable`: touched on the loop alone, but for the cancellation of a wait, which hops there.
package final class Inbox<Element: Sendable>: @unchecked Sendable {
    private let loop: SessionLoop
    private var elements = Deque<Element>()
    private var end: Result<Void, ProviderError>?
    private var waiters: [InboxWaiter] = []

    /// Creates an empty inbox for a session on `loop`.
    package init(_ loop: SessionLoop) { self.loop = loop }

    /// Whether nothing is put in any more.
    package var hasEnded: Bool { end != nil }

    /// Puts in one more; lost after the end.
    package func append(_ element: Element) {
        guard end == nil else { return }
        elements.append(element)
        wake()
    }

    /// Ends the inbox.
    ///
    /// What is in it can still be taken. Only the first end counts.
    package func finish(_ error: ProviderError? = nil) {
        guard end == nil else { return }
        end = error.map { .failure($0) } ?? .success(())
        wake()
    }

    /// The next element; `nil` at the end.
    ///
    /// - Throws: What the inbox was ended with, or `CancellationError`, which takes nothing.
    nonisolated(nonsending) package func next() async throws -> Element? {
        while true {
            try Task.checkCancellation()
            if let element = elements.popFirst() { return element }
            if let end {
                try end.get()
                return nil
            }
            let waiter = InboxWaiter()
            waiters.append(waiter)
            await withTaskCancellationHandler {
                await waiter.wait()
            } onCancel: { [loop] in
                loop.post { waiter.wake() }
            }
            // One whose wait was cancelled is still there.
            waiters.removeAll { $0 === waiter }
        }
    }

    private func wake() {
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.wake() }
    }
}

/// One wait for an inbox.
///
/// `@unchecked Sendable`: touched on the loop alone.
private final class InboxWaiter: @unchecked Sendable {
    private var continuation: UnsafeContinuation<Void, Never>?
    private var isAwake = false

    nonisolated(nonsending) func wait() async {
        await withUnsafeContinuation { continuation in
            if isAwake { continuation.resume() } else { self.continuation = continuation }
        }
    }

    func wake() {
        isAwake = true
        continuation?.resume()
        continuation = nil
    }
}
