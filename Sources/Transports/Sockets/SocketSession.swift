// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import NIOCore
import PipelineKit

/// The session of a call that came over a socket, from the wish for it to its end.
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

    private let eventLoop: any EventLoop
    /// What the far end wants before its session is made; of more, the last is forgotten.
    private static let mostWaiting = 32

    private var phase = Phase.idle
    private var waiting: [@Sendable (isolated Session) -> Void] = []

    init(on eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Whether nobody has asked for a call yet.
    var isIdle: Bool { if case .idle = phase { true } else { false } }

    /// An id that no other call has.
    static func newID(_ transport: String) -> String {
        let number = UInt64.random(in: 0..<1 << 40) | 1 << 40
        return "\(transport)-\(String(number, radix: 16).dropFirst())"
    }

    /// Asks for a session; `refused` is told when there is none.
    func start(_ call: Call, host: any CallHost, refused: @escaping @Sendable (any Error) -> Void) {
        guard isIdle else { return }
        phase = .starting
        // Not a child of anything: the far end may go at any time, the session then ends by itself.
        Task { [eventLoop] in
            let result: Result<Session, any Error>
            do { result = .success(try await host.accept(call, on: eventLoop)) } catch { result = .failure(error) }
            eventLoop.execute { self.take(result, refused) }
        }
    }

    private func take(_ result: Result<Session, any Error>, _ refused: (any Error) -> Void) {
        switch (result, phase) {
        case (.success(let session), .starting) where session.loop.isOnLoop: adopt(session)
        case (.success(let session), .starting):
            phase = .over
            Task { await session.end(.cancelled) }
            refused(CallRefused("the call's session runs on another loop than its socket"))
        // The far end went while the session was made.
        case (.success(let session), _): Task { await session.end(.hungUp) }
        case (.failure(let error), .starting):
            phase = .over
            refused(error)
        case (.failure, _): break
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

    /// The far end is gone.
    func hangUp() {
        let last = phase
        phase = .over
        if case .running(let session) = last { session.assumeIsolated { $0.end(.hungUp) } }
    }

    /// The session is over.
    func finish() { phase = .over }
}
