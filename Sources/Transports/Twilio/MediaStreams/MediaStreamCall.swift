// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import WebSockets

/// One Media Stream: carries a call's sound between Twilio's WebSocket and a session on the same event loop.
///
/// What Twilio sends is never trusted: a message that makes no sense is counted, and too many end the stream.
///
/// `@unchecked Sendable`: after `init` touched by the socket's loop alone, which is the session's.
final class MediaStreamCall: WebSocketHandler, CallOutput, @unchecked Sendable {
    /// How far the stream is.
    private enum State {
        /// The state before `start`, which must come soon.
        case waiting(deadline: Scheduled<Void>?)
        /// The state while a session is made; nothing is read meanwhile.
        case beginning
        /// The state while sound comes and goes.
        case running(Session)
        /// The state when the socket or the session is over.
        case ended
    }

    private static let startLimit = TimeAmount.seconds(10)
    /// Messages without sense that end a stream.
    private static let patience = 50

    private let desk: TwilioDesk
    private let host: any CallHost
    private weak var socket: WebSocket?
    private var state = State.waiting(deadline: nil)
    private var start: MediaStreamMessage.Start?
    private var writer = MediaStreamWriter(streamSID: "")
    private var arrival = MediaArrival()
    private var marks = PlaybackMarks()
    private var malformed = 0
    private var handOff: HandOff?
    private var memory: SessionMemory?
    private var lastWrite = MediaTime.zero

    init(_ desk: TwilioDesk, _ host: any CallHost) {
        self.desk = desk
        self.host = host
    }

    // MARK: Socket

    func opened(_ socket: WebSocket) {
        self.socket = socket
        let deadline = socket.eventLoop.scheduleTask(in: Self.startLimit) { [weak self] () -> Void in
            self?.startIsMissing()
        }
        state = .waiting(deadline: deadline)
    }

    private func startIsMissing() {
        guard case .waiting = state else { return }
        refuse("no 'start' came in time")
    }

    func received(text: ByteBuffer, _ socket: WebSocket) {
        do {
            take(try MediaStreamMessage(parsing: text.readableBytesView))
        } catch {
            desk.counters.count(.malformed)
            malformed += 1
            if malformed > Self.patience { socket.close(.policyViolation, reason: "too many messages without sense") }
        }
    }

    func closed(_ code: WebSocketCloseCode?, reason: String) {
        socket = nil
        if case .waiting(let deadline) = state { deadline?.cancel() }
        // A socket that breaks has no 'stop' before it.
        hungUp()
        state = .ended
    }

    private func refuse(_ reason: String) {
        desk.counters.count(.refused)
        socket?.close(.policyViolation, reason: reason)
    }

    private func take(_ message: MediaStreamMessage) {
        switch (message, state) {
        case (.start(let start), .waiting(let deadline)):
            deadline?.cancel()
            begin(start)
        case (.media(let media), .running(let session)):
            session.assumeIsolated { self.play(media, $0) }
        case (.dtmf(let digit), .running(let session)):
            guard let key = DTMF(digit) else { return }
            session.assumeIsolated { $0.push(Frame(key, at: $0.now)) }
        case (.mark(let name), .running):
            if let now { marks.cameBack(name, now: now) }
        case (.stop, _):
            hungUp()
        default: break
        }
    }

    // MARK: Begin

    private func begin(_ start: MediaStreamMessage.Start) {
        guard start.encoding == "audio/x-mulaw", start.rateHz == 8000, start.channels == 1 else {
            return refuse("only audio/x-mulaw of 8000 Hz with one channel is taken")
        }
        guard let attributes = desk.attributes(of: start) else {
            return refuse("the token is missing, used or too old")
        }
        self.start = start
        writer = MediaStreamWriter(streamSID: start.streamSID)
        state = .beginning
        socket?.setReading(false)
        guard let loop = socket?.eventLoop else { return }
        var call = Call(
            id: start.callSID, transport: TwilioTransport.name, inputFormat: MediaStreamMessage.format,
            outputFormat: MediaStreamMessage.format, attributes: attributes, lead: desk.parameters.lead, output: self,
            observer: desk.observer(of: start.callSID))
        call.memory = desk.memories.take(start.callSID)
        Task { [host, call] in
            do {
                let session = try await host.accept(call, on: loop)
                await self.run(session)
            } catch {
                loop.execute { self.notAccepted(error) }
            }
        }
    }

    private func notAccepted(_ error: any Error) {
        state = .ended
        socket?.close(.tryAgainLater, reason: (error as? CallRefused)?.reason ?? "the call could not be taken")
    }

    private func run(_ session: isolated Session) {
        guard case .beginning = state, let socket else { return session.end(.hungUp) }
        state = .running(session)
        desk.calls.add(session)
        socket.setReading(true)
    }

    /// The session's time; `nil` while there is no session.
    private var now: MediaTime? {
        guard case .running(let session) = state else { return nil }
        return session.assumeIsolated { $0.now }
    }

    private func hungUp() {
        guard case .running(let session) = state else { return }
        state = .ended
        session.assumeIsolated { $0.end(.hungUp) }
    }

    // MARK: Caller

    private func play(_ media: MediaStreamMessage.Media, _ session: isolated Session) {
        switch arrival.place(media, now: session.now) {
        case .duplicate: desk.counters.count(.duplicate)
        case .late: desk.counters.count(.late)
        case .play(let time, let silence):
            if silence > .zero { fill(silence, before: time, session) }
            session.push(Frame(audio: media.audio, at: time))
        }
    }

    private func fill(_ silence: Duration, before time: MediaTime, _ session: isolated Session) {
        desk.counters.count(.missing)
        var position = time - silence
        while position < time {
            let count = min(time - position, .milliseconds(20)).sampleCount(rate: 8000)
            guard count > 0 else { return }
            let audio = Audio(format: MediaStreamMessage.format, sampleCount: count, byteCount: count) { bytes in
                // The code of silence in G.711.
                for index in bytes.indices { bytes[index] = 0xFF }
            }
            session.push(Frame(audio: audio, at: position))
            position += audio.duration
        }
    }

    // MARK: Agent

    func write(_ audio: Audio, at time: MediaTime) {
        guard audio.format == MediaStreamMessage.format, let socket else { return }
        socket.send(text: writer.media(audio))
        lastWrite = time
        send(mark: marks.wrote(audio.duration, at: time, now: now ?? time))
    }

    func send(_ frame: Frame) {
        // What follows is another clause, or nothing.
        if frame[SpokenWords.self] != nil || frame[ResponseEnded.self] != nil {
            send(mark: marks.clauseEnded(now: now ?? lastWrite))
        } else if let handOff = frame[HandOff.self] {
            self.handOff = handOff
        }
    }

    private func send(mark: String?) {
        if let mark { socket?.send(text: writer.mark(mark)) }
    }

    func heard(at now: MediaTime) -> MediaTime { marks.heard(at: now) }

    func clear() {
        // A reply that was cut hands nothing over.
        handOff = nil
        marks.clear()
        socket?.send(text: writer.clear())
    }

    func remember(_ memory: SessionMemory) { self.memory = memory }

    func close(_ reason: EndReason) {
        state = .ended
        if let start { desk.release(start.callSID, reason, handOff, memory) }
        // Twilio asks what is to become of the call, see ``TwilioDesk/afterStream``.
        socket?.close(.normal, reason: reason.name)
    }
}
