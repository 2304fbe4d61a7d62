// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// Something that happened in one of the calls of a run.
struct RunEvent: Sendable {
    /// The call.
    var call: String
    /// The transport that brought it.
    var transport: String
    /// The session's time.
    var time: MediaTime
    /// What happened.
    var event: SessionEvent
}

/// Carries what sessions report from their loops to whoever prints it; never holds a loop up.
///
/// When the terminal or the pipe stands still, the oldest 10 000 events are kept, later ones are counted and lost.
final class RunEvents: SessionObserver {
    /// The events in the order in which they happened, within each call.
    let stream: AsyncStream<RunEvent>
    private let continuation: AsyncStream<RunEvent>.Continuation
    private let lost = Atomic<Int>(0)
    private let failures = Atomic<Int>(0)

    /// Creates an empty channel.
    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        if case .ended(let report) = event, report.hasFailed { failures.add(1, ordering: .relaxed) }
        let entry = RunEvent(call: call.id, transport: call.transport, time: time, event: event)
        if case .dropped = continuation.yield(entry) { lost.add(1, ordering: .relaxed) }
    }

    /// Events that nobody could take in time.
    var lostCount: Int { lost.load(ordering: .relaxed) }
    /// Sessions that ended because something failed, or left something behind.
    var failureCount: Int { failures.load(ordering: .relaxed) }

    /// Nothing more will happen.
    func finish() { continuation.finish() }
}

extension SessionReport {
    /// Whether the session ended because of a failure, or a processor did not let go.
    fileprivate var hasFailed: Bool {
        if case .failed = reason { return true }
        return !abandoned.isEmpty
    }
}
