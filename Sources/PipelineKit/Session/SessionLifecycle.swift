// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The stages of a session's life.
///
/// Goes one way only; every step is taken once.
struct SessionLifecycle {
    enum State: Equatable {
        /// The state before the first frame.
        case idle
        /// The state while frames come in.
        case running
        /// The state while what is under way is finished and nothing new comes in.
        case draining
        /// The state while cancelled services are waited for.
        case cancelling
        /// The state when everything is released.
        case ended
    }

    private(set) var state = State.idle
    private(set) var reason: EndReason?

    var isRunning: Bool { state == .running }
    var isDraining: Bool { state == .draining }
    var hasEnded: Bool { state == .ended }
    var acceptsInput: Bool { state == .running }
    /// Whether processors still work: what comes after is only waited for.
    var worksOn: Bool { state == .running || state == .draining || state == .idle }

    mutating func start() -> Bool {
        guard state == .idle else { return false }
        state = .running
        return true
    }

    /// What to do now that somebody asks for the end.
    enum EndAction { case drain, cancel, nothing }

    mutating func end(_ reason: EndReason) -> EndAction {
        switch state {
        case .idle, .running:
            self.reason = reason
            state = reason.drains && state == .running ? .draining : .cancelling
            return state == .draining ? .drain : .cancel
        case .draining where !reason.drains:
            state = .cancelling
            return .cancel
        case .draining, .cancelling, .ended:
            return .nothing
        }
    }

    /// Whether draining is over, finished or at its limit.
    mutating func drained() -> Bool {
        guard state == .draining else { return false }
        state = .cancelling
        return true
    }

    /// Whether everything has let go, or was abandoned.
    mutating func finish() -> Bool {
        guard state == .cancelling else { return false }
        state = .ended
        return true
    }
}
