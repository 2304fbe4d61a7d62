// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit
import Synchronization

/// Records what sessions report.
public final class EventLog: SessionObserver {
    /// An event and when it happened.
    public struct Entry: Sendable {
        /// The session's time.
        public let time: MediaTime
        /// What happened.
        public let event: SessionEvent
    }

    private let entries = Mutex<[Entry]>([])

    private let next: (any SessionObserver)?

    /// Creates an empty log.
    ///
    /// - Parameter next: Is told everything too.
    public init(forwardingTo next: (any SessionObserver)? = nil) { self.next = next }

    public func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        entries.withLock { $0.append(Entry(time: time, event: event)) }
        next?.session(call, at: time, event)
    }

    /// The events so far.
    public var all: [Entry] { entries.withLock { $0 } }

    /// The errors so far.
    public var errors: [PipelineError] {
        all.compactMap { entry in
            if case .error(let error) = entry.event { error } else { nil }
        }
    }

    /// The breakdowns of the turns so far.
    public var turns: [TurnRecord] {
        all.compactMap { entry in
            if case .turn(let record) = entry.event { record } else { nil }
        }
    }

    /// How the session ended, if it has.
    public var report: SessionReport? {
        all.lazy.compactMap { entry in
            if case .ended(let report) = entry.event { report } else { nil }
        }.first
    }
}
