// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Somebody who waits for the first of several things.
package final class FirstOf: Sendable {
    private let continuation: Mutex<CheckedContinuation<Void, Never>?>

    /// Creates a wait that ends with the first call of ``resume()``.
    package init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = Mutex(continuation) }

    /// Ends the wait; nothing happens when it has ended.
    package func resume() {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume()
    }
}
