// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
public import PipelineKit
import Synchronization

/// Writes what happens in calls, off the media path.
///
/// A session's loop hands over values and goes on: a lock, no wait, no file. A queue of the writer's own writes them, many
/// in one transaction. A disk that is full, a file that is locked or damaged costs the record, never the call: what waits
/// is bounded, what is lost is counted and logged, and the writer tries again for as long as it lives.
public final class CallRecordsWriter: SessionObserver, CallArchive {
    /// How long entries are gathered before they are written.
    private static let gathering = DispatchTimeInterval.milliseconds(100)
    private static let housekeeping = DispatchTimeInterval.seconds(300)

    private let settings: RecordsSettings
    private let backlog: SharedBacklog
    private let isScheduled = Atomic<Bool>(false)
    private let queue = DispatchQueue(label: "call-records")
    private let reading = DispatchQueue(label: "call-records-reading")
    private let desk: Confined<RecordsDesk>

    /// Begins to write; the store is opened, and opened anew when it fails, by the writer itself.
    public init(
        _ settings: RecordsSettings, open: @escaping @Sendable () throws(CallStoreError) -> any CallStore
    ) {
        self.settings = settings
        backlog = SharedBacklog(capacity: settings.capacity)
        desk = Confined(RecordsDesk(settings, backlog: backlog, open: open))
        // What an earlier process left behind is set right now, not at the first call.
        isScheduled.store(true, ordering: .relaxed)
        queue.async { [self] in
            work()
            keepHouse()
        }
        keepHouseAgain()
    }

    /// What was done so far.
    public var figures: RecordsFigures {
        let (lost, waiting) = backlog.state.withLock { ($0.lostCount, $0.count) }
        return RecordsFigures(
            written: backlog.written.load(ordering: .relaxed), lost: lost, waiting: waiting,
            failures: backlog.failures.load(ordering: .relaxed))
    }

    // MARK: On the sessions' loops

    public func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        switch event {
        case .started:
            let now = settings.now()
            backlog.state.withLock { $0.begin(call, pipeline: settings.pipeline, at: time, now) }
        case .ended(let report):
            let end = CallEnd(report, at: settings.now())
            let items = report.callItems
            backlog.state.withLock { backlog in
                for item in items { backlog.add(item, of: call.id, at: time) }
                backlog.end(end, of: call.id, at: time)
            }
        default:
            guard let item = event.callItem(transcripts: settings.transcripts) else { return }
            backlog.state.withLock { $0.add(item, of: call.id, at: time) }
        }
        schedule()
    }

    /// Writes down a call of a tool.
    public func toolCalled(_ toolCall: ToolCall, in call: Call, at time: MediaTime) {
        backlog.state.withLock { $0.add(.toolCall(toolCall), of: call.id, at: time) }
        schedule()
    }

    private func schedule() {
        guard !isScheduled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.asyncAfter(deadline: .now() + Self.gathering) { [self] in work() }
    }

    // MARK: On the writer's queue

    private func work() {
        isScheduled.store(false, ordering: .releasing)
        guard let pause = desk.value.work() else { return }
        isScheduled.store(true, ordering: .releasing)
        queue.asyncAfter(deadline: .now() + .nanoseconds(Int(pause.nanoseconds))) { [self] in work() }
    }

    private func keepHouse() {
        guard desk.value.keepHouse(now: settings.now()) else { return }
        queue.async { [self] in keepHouse() }
    }

    private func keepHouseAgain() {
        queue.asyncAfter(deadline: .now() + Self.housekeeping) { [weak self] in
            self?.keepHouse()
            self?.keepHouseAgain()
        }
    }

    /// Writes what waits, unless the store is in trouble.
    public func flush() async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                if !desk.value.isWaiting { work() }
                continuation.resume()
            }
        }
    }

    /// Writes what waits and lets go of the store.
    ///
    /// Nothing may be handed over after it.
    ///
    /// - Parameter limit: When even a lock's limit does not help, as on a network drive that hangs, the writer is left to
    ///   itself after so long.
    public func close(within limit: Duration = .seconds(5)) async {
        await withCheckedContinuation { continuation in
            let waiter = FirstOf(continuation)
            queue.async { [self] in
                desk.value.close()
                waiter.resume()
            }
            let deadline = DispatchTime.now() + .nanoseconds(Int(limit.nanoseconds))
            DispatchQueue.global().asyncAfter(deadline: deadline) { waiter.resume() }
        }
    }

    // MARK: Reading

    public func call(_ id: String) async throws -> JSONValue? {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                // What was just handed over is to be found.
                if !desk.value.isWaiting { work() }
                guard let store = desk.value.readableStore else {
                    return continuation.resume(
                        throwing: CallStoreError(.unavailable, "the call records cannot be opened now; see the log"))
                }
                reading.async { continuation.resume(with: Result { try store.history(of: id)?.json }) }
            }
        }
    }
}

/// `@unchecked Sendable`: the value is touched on the writer's queue alone.
private final class Confined<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: sending Value) { self.value = value }
}
