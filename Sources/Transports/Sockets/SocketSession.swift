// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import NIOCore
import PipelineKit
import WebSockets

/// A call's socket and its session, from the socket's opening to the end of both.
///
/// The far end has ``startDeadline`` to ask for its call. Whichever of the two ends first takes the other along: a socket
/// that closes hangs up, and ``finish()``, at the session's end, closes the socket.
///
/// `@unchecked Sendable`: touched on `eventLoop` alone, which is the session's loop too.
final class SocketSession: @unchecked Sendable {
    private enum Phase {
        /// The state before the far end asks for a call.
        case idle
        /// The state while the host makes the session.
        case starting
        /// The state from the session's start to its end.
        case running(Session)
        /// The state when the far end is gone, or the session is over.
        case over
    }

    /// How long a far end may take to say what it wants.
    static let startDeadline = TimeAmount.seconds(10)

    private let eventLoop: any EventLoop
    /// What the far end wants before its session is made; of more, the last is forgotten.
    private static let mostWaiting = 32

    private var phase = Phase.idle
    private var waiting: [@Sendable (isolated Session) -> Void] = []
    private var startTimer: Scheduled<Void>?
    private var gate = SendGate()
    /// The socket, while it takes messages.
    private(set) weak var peer: (any MessagePeer)?

    init(on eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Whether nobody has asked for a call yet.
    var isIdle: Bool { if case .idle = phase { true } else { false } }

    /// An id that no other call has.
    static func newID(_ transport: String) -> String {
        let number = UInt64.random(in: 0..<1 << 40) | 1 << 40
        return "\(transport)-\(String(number, radix: 16).dropFirst())"
    }

    // MARK: The beginning

    /// The socket is open; `late` is called if nobody asks for a call in time.
    func open(_ peer: any MessagePeer, late: @escaping @Sendable () -> Void) {
        self.peer = peer
        startTimer = eventLoop.scheduleTask(in: Self.startDeadline) {
            if self.isIdle { late() }
        }
    }

    /// Asks for a session; `refused` is told when there is none.
    func start(_ call: Call, host: any CallHost, refused: @escaping @Sendable (SocketRefusal) -> Void) {
        guard isIdle else { return }
        startTimer?.cancel()
        phase = .starting
        // Not a child of anything: the far end may go at any time, the session then ends by itself.
        Task { [eventLoop] in
            let result: Result<Session, any Error>
            do { result = .success(try await host.accept(call, on: eventLoop)) } catch { result = .failure(error) }
            eventLoop.execute { self.take(result, refused) }
        }
    }

    private func take(_ result: Result<Session, any Error>, _ refused: (SocketRefusal) -> Void) {
        switch (result, phase) {
        case (.success(let session), .starting) where session.loop.isOnLoop: adopt(session)
        case (.success(let session), .starting):
            phase = .over
            Task { await session.end(.cancelled) }
            refused(SocketRefusal(CallRefused("the call's session runs on another loop than its socket")))
        // The far end went while the session was made.
        case (.success(let session), _): Task { await session.end(.hungUp) }
        case (.failure(let error), .starting):
            phase = .over
            refused(SocketRefusal(error))
        case (.failure, _): finish()
        }
    }

    /// The session runs.
    func adopt(_ session: Session) {
        phase = .running(session)
        let actions = waiting
        waiting = []
        guard !actions.isEmpty else { return }
        session.assumeIsolated { session in
            for action in actions { action(session) }
        }
    }

    /// Calls `body` inside the session: now, or as soon as the session is made.
    func perform(_ body: @escaping @Sendable (isolated Session) -> Void) {
        switch phase {
        case .running(let session): session.assumeIsolated(body)
        case .starting where waiting.count < Self.mostWaiting: waiting.append(body)
        case .idle, .starting, .over: break
        }
    }

    /// Calls `body` inside the session, if it runs.
    func withSession<Result: Sendable>(_ body: @Sendable (isolated Session) -> Result) -> Result? {
        guard case .running(let session) = phase else { return nil }
        return session.assumeIsolated(body)
    }

    // MARK: What callers do

    /// Typed words take the place of spoken ones; when the agent speaks they interrupt, as these do.
    func type(_ text: String, interrupts: Bool) {
        perform { session in
            if interrupts { session.interrupt("the caller types") }
            session.push(Frame(Transcript(text, isFinal: true, isUtteranceEnd: true), at: session.now))
        }
    }

    /// Samples of the caller's microphone; returns how many came faster than they can have been captured.
    @discardableResult
    func hear(_ samples: ByteBuffer, format: AudioFormat, clock: inout CaptureClock) -> Int {
        guard let now = withSession({ $0.now }) else { return 0 }
        var rest = samples
        var earlyCount = 0
        let longest = Self.piece.sampleCount(rate: format.rateHz) * 2
        while let piece = rest.readSlice(length: min(longest, rest.readableBytes)), piece.readableBytes > 1 {
            let count = piece.readableBytes / 2
            switch clock.place(sampleCount: count, now: now) {
            case .at(let time):
                let frame = Frame(audio: Audio(format: format, samples: piece), at: time)
                _ = withSession { $0.push(frame) }
            case .late: AudioDrops.late.increment(by: Int64(count))
            case .early:
                AudioDrops.early.increment(by: Int64(count))
                earlyCount += count
            }
        }
        return earlyCount
    }

    private static let piece = Duration.milliseconds(20)

    // MARK: What callers hear

    /// Whether audio may go to a far end that has not yet played the `unheard` before it; else it is counted as dropped.
    ///
    /// `giveUp` is called when the far end has taken nothing for too long.
    func admits(
        _ audio: Audio, at time: MediaTime, unheard: Duration = .zero, giveUp: @escaping @Sendable () -> Void
    ) -> Bool {
        guard let peer else { return false }
        let queued = Duration.samples(peer.bufferedBytes / 2, rate: audio.format.rateHz)
        let decision = gate.decide(waiting: max(queued, unheard), now: time)
        if decision == .send { return true }
        AudioDrops.unsent.increment(by: Int64(audio.sampleCount))
        // Not from within the session's call.
        if decision == .giveUp { eventLoop.execute(giveUp) }
        return false
    }

    // MARK: The end

    /// The far end wants to go: at once where no session has begun, else when the session is over.
    func hangUp() {
        if isIdle { finish() } else { endSession() }
    }

    /// The socket is closed.
    func closed() {
        startTimer?.cancel()
        peer = nil
        endSession()
    }

    /// Ends both because of something that cannot go on.
    func abort(_ code: WebSocketCloseCode, reason: String = "") {
        // First the socket, which the session's end would close as if nothing were wrong.
        peer?.close(code, reason: reason)
        closed()
    }

    /// The session is over; so is the connection.
    func finish() {
        phase = .over
        peer?.close(.normal, reason: "")
        peer = nil
    }

    private func endSession() {
        let last = phase
        phase = .over
        if case .running(let session) = last { session.assumeIsolated { $0.end(.hungUp) } }
    }
}

/// Why there is no session, in words for the far end.
struct SocketRefusal {
    /// What to say.
    let message: String
    /// What to close the socket with.
    let code: WebSocketCloseCode

    /// What went wrong in the making of a processor is for the operator's eyes, and not told.
    init(_ error: any Error) {
        if let refusal = error as? CallRefused {
            (message, code) = (refusal.reason, .tryAgainLater)
        } else {
            (message, code) = ("the call could not be started; the server's log says why", .internalError)
        }
    }
}
