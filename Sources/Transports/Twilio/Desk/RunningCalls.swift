// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// The sessions of the calls that are on, so that requests about a call reach its session.
final class RunningCalls: Sendable {
    private struct State {
        var sessions: [String: Session] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// A call is on.
    func add(_ session: Session) { state.withLock { $0.sessions[session.call.id] = session } }

    /// A call is over.
    func remove(_ id: String) {
        let waiting = state.withLock { state in
            state.sessions[id] = nil
            guard state.sessions.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// The session of a call; `nil` if it is not on.
    subscript(id: String) -> Session? { state.withLock { $0.sessions[id] } }

    /// Returns when no call is on.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.sessions.isEmpty { return true }
                state.waiting.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}
