// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import WebSockets

/// One page's call: its WebSocket on one side, its session on the other.
///
/// A call is refused in words and ended with a close code: 1008 for a page that breaks the protocol's rules, 1013 when no
/// more calls are taken. Speech from the page is dropped rather than kept, see ``CaptureClock``; so is speech to a page
/// that does not take it, see ``SendGate``.
///
/// `@unchecked Sendable`: touched on `eventLoop` alone, which is the session's loop too.
final class BrowserCall: WebSocketHandler, @unchecked Sendable {
    /// Audio that may come faster than it can have been captured before the page is taken to be broken.
    private static let mostEarly = Duration.seconds(10)
    /// How far ahead the page wants its audio: it begins to play with 80 ms in its buffer.
    static let lead = Duration.milliseconds(120)

    let eventLoop: any EventLoop
    let title: String
    private let host: any CallHost
    private let attributes: [String: String]
    let session: SocketSession
    let id: String

    private(set) var input = AudioFormat.wideband
    private(set) var output = AudioFormat(rateHz: 24000)
    private var captured = CaptureClock(rate: 16000)
    private var earlySamples = 0

    // The agent's side, see BrowserCall+Playback.
    var ledger = PlaybackLedger(rate: 24000)
    var turn = TurnID(0)
    var isSounding = false
    var cut: (generation: UInt32, position: Int)?
    var isAgentSpeaking = false

    /// Creates a call that waits for the page's wishes.
    init(_ host: any CallHost, on eventLoop: any EventLoop, title: String, attributes: [String: String] = [:]) {
        self.host = host
        self.eventLoop = eventLoop
        self.title = title
        self.attributes = attributes
        session = SocketSession(on: eventLoop)
        id = SocketSession.newID(BrowserTransport.name)
    }

    // MARK: The socket

    func opened(_ socket: WebSocket) { open(socket) }

    /// Begins to wait for the page's wishes.
    func open(_ peer: any MessagePeer) {
        session.open(peer) { self.fail(BrowserError(.outOfOrder, "no 'start' came within 10 s")) }
    }

    func received(text: ByteBuffer, _ socket: WebSocket) { receive(text: text) }
    func received(binary: ByteBuffer, _ socket: WebSocket) { receive(audio: binary) }

    func closed(_ code: WebSocketCloseCode?, reason: String) { session.closed() }

    /// Takes a text message.
    func receive(text: ByteBuffer) {
        do { try obey(BrowserRequest(text.readableBytesView)) } catch {
            notify(.error(error, isFatal: false))
        }
    }

    private func obey(_ request: BrowserRequest) throws(BrowserError) {
        switch request {
        case .start(let wishes): try start(wishes)
        case .text(let text): session.type(text, interrupts: isAgentSpeaking)
        case .key(let key): session.perform { $0.push(Frame(key, at: $0.now)) }
        case .played(let generation, let position): ledger.acknowledge(generation: generation, position: position)
        case .interrupt: session.perform { $0.interrupt("the caller's button") }
        case .stop:
            if session.isIdle { notify(.end(.hungUp)) }
            session.hangUp()
        }
    }

    private func start(_ wishes: BrowserStart) throws(BrowserError) {
        guard session.isIdle else { throw BrowserError(.outOfOrder, "'start' comes once, at the beginning") }
        session.start(call(wishes), host: host) { refusal in
            let kind = refusal.code == .tryAgainLater ? BrowserError.Code.refused : .failed
            self.fail(BrowserError(kind, refusal.message), refusal.code)
        }
    }

    /// The call as the page wants it.
    func call(_ wishes: BrowserStart) -> Call {
        (input, output) = (wishes.input, wishes.output)
        captured = CaptureClock(rate: input.rateHz)
        ledger = PlaybackLedger(rate: output.rateHz)
        return Call(
            id: id, transport: BrowserTransport.name, inputFormat: input, outputFormat: output,
            // What the server knows comes before what a page says.
            attributes: wishes.attributes.merging(attributes) { $1 }, lead: Self.lead, output: self, observer: self)
    }

    /// Takes a binary message: linear samples, least significant byte first.
    func receive(audio: ByteBuffer) {
        guard audio.readableBytes.isMultiple(of: 2) else {
            return fail(BrowserError(.badAudio, "audio has two bytes a sample; \(audio.readableBytes) bytes came"))
        }
        earlySamples += session.hear(audio, format: input, clock: &captured)
        guard Duration.samples(earlySamples, rate: input.rateHz) > Self.mostEarly else { return }
        fail(BrowserError(.tooFast, "audio comes faster than a microphone can capture it"))
    }

    // MARK: Messages to the page

    /// Sends a message, if the page is there.
    func notify(_ notice: BrowserNotice) {
        guard let peer = session.peer, let json = notice.json else { return }
        peer.send(text: json.description)
    }

    /// Says what is wrong and ends the call.
    func fail(_ error: BrowserError, _ code: WebSocketCloseCode = .policyViolation) {
        notify(.error(error, isFatal: true))
        session.abort(code, reason: error.code.rawValue)
    }
}
