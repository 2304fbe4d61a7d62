// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Synchronization

/// The counters of a session at a moment.
struct SessionFigures: Sendable {
    /// The session's time.
    var now: MediaTime
    /// The counters of its processors.
    var processors: [ProcessorStatistics]
}

/// Hands calls on to a host and remembers the sessions, so that their counters can be looked at.
final class WatchedHost: CallHost {
    private struct Entry {
        weak var session: Session?
    }

    private let host: SessionHost
    private let entries = Mutex<[String: Entry]>([:])

    /// Creates a host in front of another.
    init(_ host: SessionHost) { self.host = host }

    func accept(_ call: Call) async throws -> Session { remember(try await host.accept(call), call) }

    func accept(_ call: Call, on eventLoop: any EventLoop) async throws -> Session {
        remember(try await host.accept(call, on: eventLoop), call)
    }

    private func remember(_ session: Session, _ call: Call) -> Session {
        entries.withLock { $0[call.id] = Entry(session: session) }
        return session
    }

    func words(in recording: @escaping @Sendable () throws -> Audio) async throws -> String {
        try await host.words(in: recording)
    }

    /// The counters of every session that runs.
    func figures() async -> [String: SessionFigures] {
        let sessions = entries.withLock { entries in
            entries = entries.filter { $0.value.session != nil }
            return entries.compactMapValues(\.session)
        }
        var result: [String: SessionFigures] = [:]
        for (call, session) in sessions {
            if let figures = await session.figures {
                result[call] = figures
            } else {
                entries.withLock { _ = $0.removeValue(forKey: call) }
            }
        }
        return result
    }
}

extension Session {
    /// The session's counters now; `nil` once it is over.
    fileprivate var figures: SessionFigures? {
        hasEnded ? nil : SessionFigures(now: now, processors: statistics)
    }
}
