// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore
import Synchronization

/// Runs the sessions of one pipeline in one process: admits calls, spreads them over the loops, drains them.
public final class SessionHost: CallHost {
    private struct State {
        var sessions: [String: Session?] = [:]
        var isDraining = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let pipeline: Pipeline
    private let place: @Sendable ((any EventLoop)?) -> SessionLoop
    private let observer: (any SessionObserver)?
    private let state = Mutex(State())

    /// Creates a host without sessions.
    ///
    /// - Parameter place: Chooses the loop of the next session, such as `LoopGroup.leastLoaded`.
    public init(
        _ pipeline: Pipeline, observer: (any SessionObserver)? = nil, place: @escaping @Sendable () -> SessionLoop
    ) {
        self.pipeline = pipeline
        self.observer = observer
        self.place = { _ in place() }
    }

    /// Creates a host that spreads its sessions over loops: those of a socket on the socket's, others where there are
    /// the fewest.
    public init(_ pipeline: Pipeline, observer: (any SessionObserver)? = nil, on loops: LoopGroup) {
        self.pipeline = pipeline
        self.observer = observer
        place = { eventLoop in eventLoop.flatMap(loops.loop(of:)) ?? loops.leastLoaded() }
    }

    public func accept(_ call: Call) async throws -> Session { try await accept(call, place(nil)) }

    public func accept(_ call: Call, on eventLoop: any EventLoop) async throws -> Session {
        try await accept(call, place(eventLoop))
    }

    private func accept(_ call: Call, _ loop: SessionLoop) async throws -> Session {
        try admit(call)
        do {
            let plan = try pipeline.plan(for: CallFormats(input: call.inputFormat, output: call.outputFormat))
            let session = try await Session.start(
                plan, call: call, on: loop, observer: HostObserver(host: self, next: observer))
            let mustEnd = state.withLock { state in
                // It may have ended already, or the drain may have begun meanwhile.
                if state.sessions.keys.contains(call.id) { state.sessions.updateValue(session, forKey: call.id) }
                return state.isDraining
            }
            if mustEnd { await session.end(.shutdown) }
            return session
        } catch {
            release(call)
            throw error
        }
    }

    public func words(in recording: @escaping @Sendable () throws -> Audio) async throws -> String {
        let pipeline = pipeline
        return try await place(nil).workers.run { try pipeline.words(in: try recording()) }
    }

    private func admit(_ call: Call) throws {
        try state.withLock { state in
            if state.isDraining { throw CallRefused("the server is shutting down") }
            if state.sessions.count >= pipeline.document.limits.sessions {
                throw CallRefused(
                    "\(pipeline.document.limits.sessions) sessions run already; raise limits.sessions to admit more")
            }
            if state.sessions.keys.contains(call.id) { throw CallRefused("call '\(call.id)' is there already") }
            state.sessions.updateValue(nil, forKey: call.id)
        }
    }

    fileprivate func release(_ call: Call) {
        let waiting = state.withLock { state in
            state.sessions.removeValue(forKey: call.id)
            guard state.sessions.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Sessions that are there or being made.
    public var sessionCount: Int { state.withLock { $0.sessions.count } }

    /// Whether no more calls are taken.
    public var isDraining: Bool { state.withLock { $0.isDraining } }

    /// Takes no more calls and ends those that are there.
    ///
    /// - Parameter reason: `.shutdown` lets what is under way finish, `.cancelled` does not.
    public func end(_ reason: EndReason) async {
        let sessions = state.withLock { state in
            state.isDraining = true
            return state.sessions.values.compactMap { $0 }
        }
        for session in sessions { await session.end(reason) }
    }

    /// Returns when no session is left.
    public func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard !state.sessions.isEmpty else { return true }
                state.waiting.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}

/// Lets the host know when a session is over.
private struct HostObserver: SessionObserver {
    let host: SessionHost
    let next: (any SessionObserver)?

    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        next?.session(call, at: time, event)
        if case .ended = event { host.release(call) }
    }
}
