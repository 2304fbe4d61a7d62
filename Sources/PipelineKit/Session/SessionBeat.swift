// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Calls a transport at a steady pace on its session's clock.
///
/// Touched by the session's loop alone.
final class SessionBeat: TimerTarget {
    private let session: Session
    private let interval: Duration
    private let body: @Sendable (isolated Session) -> Bool
    private var next: MediaTime
    private var timer: TimerID?

    init(_ session: isolated Session, every interval: Duration, _ body: @escaping @Sendable (isolated Session) -> Bool)
    {
        self.session = session
        self.interval = interval
        self.body = body
        next = session.loop.now
        scheduleNext()
    }

    private func scheduleNext() {
        // From the beat before, not from now: a late beat makes none of the later ones late.
        next += interval
        timer = session.loop.schedule(at: next, target: self, token: 0)
    }

    func timerFired(_ token: Int) {
        timer = nil
        let goesOn = session.assumeIsolated { [body] session in body(session) && !session.hasEnded }
        if goesOn { scheduleNext() }
    }

    func stop() {
        if let timer { session.loop.cancel(timer) }
        timer = nil
    }
}

extension Session {
    /// Calls `body` every `interval` of the session's time, for the first time one interval from now, until it returns
    /// `false` or the session is over.
    ///
    /// One timer wheel serves all sessions of a loop, so that pacing thousands of calls costs no system calls. Beats that
    /// were missed are made up for at once: as many come as the time that has passed holds.
    ///
    /// - Precondition: `interval` is positive.
    public func every(_ interval: Duration, _ body: @escaping @Sendable (isolated Session) -> Bool) {
        precondition(interval > .zero, "a beat's interval is positive")
        guard !hasEnded else { return }
        core.beats.append(SessionBeat(self, every: interval, body))
    }

    /// Whether the session is over and everything is released.
    public var hasEnded: Bool { core.lifecycle.hasEnded }

    /// Whether nothing waits in a queue and no processor has anything left to do without further input: nobody speaks,
    /// no turn is open, no reply is under way.
    public var isQuiet: Bool { core.isQuiet }
}
