// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Counts how often the user or the system has asked the process to stop, by SIGINT or SIGTERM.
///
/// `@unchecked Sendable`: the sources are made in `init` and cancelled in ``stop()``; both may be done from any thread.
final class StopSignals: @unchecked Sendable {
    /// The number of each wish: 1, 2, 3 ...
    let wishes: AsyncStream<Int>
    private let sources: [any DispatchSourceSignal]
    private let continuation: AsyncStream<Int>.Continuation

    /// Begins to listen; the signals no longer end the process by themselves.
    init() {
        (wishes, continuation) = AsyncStream.makeStream()
        let queue = DispatchQueue(label: "stop-signals")
        let count = Counter()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for source in sources {
            source.setEventHandler { [continuation] in
                count.value += 1
                // Two wishes have been ignored: whatever hangs shall not keep the process.
                if count.value > 2 { _exit(ExitStatus.failure.rawValue) }
                continuation.yield(count.value)
            }
            source.resume()
        }
    }

    /// Stops listening; the signals have their usual effect again.
    func stop() {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
        continuation.finish()
    }

    /// `@unchecked Sendable`: touched on the signals' queue alone.
    private final class Counter: @unchecked Sendable {
        var value = 0
    }
}
