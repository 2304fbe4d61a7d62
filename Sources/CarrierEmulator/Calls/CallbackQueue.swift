// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Reports changes of status in the order in which they happened, without holding the call up.
struct CallbackQueue {
    private let url: String
    private let events: Set<String>
    private var count = 0
    private var last: Task<Void, Never>?

    /// Creates a queue.
    ///
    /// - Parameter events: What is reported: `initiated`, `ringing`, `answered`, `completed`.
    init(_ url: String, events: Set<String>) {
        self.url = url
        self.events = events
    }

    /// Reports a change, if it is wanted.
    mutating func add(_ call: isolated CarrierCall, _ status: CallStatus) {
        let event = status == .inProgress ? "answered" : status.isFinal ? "completed" : status.rawValue
        guard events.contains(event) else { return }
        let (number, url, before) = (count, url, last)
        count += 1
        last = Task {
            await before?.value
            await call.report(status, number: number, to: url)
        }
    }

    /// Returns when everything is reported.
    func finish() async { await last?.value }
}
