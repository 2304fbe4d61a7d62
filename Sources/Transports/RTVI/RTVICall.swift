// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import WebSockets

/// One RTVI client's call: its WebSocket on one side, its session on the other.
///
/// Speaks as the client does: protobuf frames to one that sends binary messages, as the SDKs do, and JSON to one that sends
/// text. The session begins with `client-ready`, or with the first audio of a client that says nothing.
///
/// `@unchecked Sendable`: touched on `eventLoop` alone, which is the session's loop too.
final class RTVICall: WebSocketHandler, @unchecked Sendable {
    /// How messages are wrapped.
    enum Framing {
        case json
        case protobuf
    }

    /// The microphone's format: what the web client sends.
    static let input = AudioFormat.wideband
    /// The format that the web client plays, whatever it is told.
    static let output = AudioFormat(rateHz: 24000)
    /// The web client never forgets what it was sent: little may be ahead.
    static let lead = Duration.milliseconds(100)

    let eventLoop: any EventLoop
    let id: String
    let session: SocketSession
    private let host: any CallHost
    private let attributes: [String: String]
    private(set) var framing: Framing?
    /// The version that an old client speaks.
    private var version = RTVINotice.version
    private var readyID: String?
    private var isStarted = false
    private var captured = CaptureClock(rate: RTVICall.input.rateHz)

    // What the agent does, see RTVICall+Events.
    var events = RTVIEvents()

    /// Creates a call that waits for its client's first message.
    init(
        _ host: any CallHost, on eventLoop: any EventLoop, attributes: [String: String] = [:],
        tellsFunctions: Bool = false
    ) {
        self.host = host
        self.eventLoop = eventLoop
        self.attributes = attributes
        session = SocketSession(on: eventLoop)
        events.tellsFunctions = tellsFunctions
        id = SocketSession.newID(RTVITransport.name)
    }

    // MARK: The socket

    func opened(_ socket: WebSocket) { open(socket) }

    /// Begins to wait for the client's first message.
    func open(_ peer: any MessagePeer) {
        session.open(peer) { self.fail("neither 'client-ready' nor audio came within 10 s", .policyViolation) }
    }

    func received(text: ByteBuffer, _ socket: WebSocket) { receive(text: text) }
    func received(binary: ByteBuffer, _ socket: WebSocket) { receive(binary: binary) }

    func closed(_ code: WebSocketCloseCode?, reason: String) { session.closed() }

    /// Takes a JSON message.
    func receive(text: ByteBuffer) {
        framing = framing ?? .json
        do {
            obey(try RTVIRequest(text.readableBytesView))
        } catch {
            notify(.refusal(error))
        }
    }

    /// Takes a protobuf message.
    func receive(binary: ByteBuffer) {
        framing = framing ?? .protobuf
        switch try? RTVIFrame(binary) {
        case .message(let json): receive(text: json)
        case .audio(let audio): hear(audio, request: nil)
        case .text, .transcription, .interruption, .unknown: break
        case nil: notify(.refusal(RTVIError(nil, "a binary message is a protobuf 'Frame' of the package 'pipecat'")))
        }
    }

    private func obey(_ request: RTVIRequest) {
        switch request.kind {
        case .ready(let version): begin(request.id, version)
        case .disconnect: session.hangUp()
        case .text(let text):
            events.type(text, request: request.id ?? "")
            session.type(text, interrupts: events.isAgentSpeaking)
        case .audio(let audio): hear(audio, request: request.id)
        case .keys(let keys): for key in keys { session.perform { $0.push(Frame(key, at: $0.now)) } }
        case .message(let name):
            notify(.refusal(RTVIError(request.id, "no processor of this pipeline answers '\(name.prefix(40))'")))
        case .functionResult, .ignored: break
        }
    }

    // MARK: Beginning and end

    private func begin(_ id: String?, _ version: String?) {
        readyID = id ?? ""
        let major = version?.split(separator: ".").first.flatMap { Int($0) }
        switch (major, version) {
        case (2, _): break
        case (1, let version?):
            self.version = version
            events.isLegacy = true
        default:
            let text = "'client-ready' names no version that is known here (2.x). Compatibility issues may occur."
            notify(.refusal(RTVIError(id, text)))
        }
        if isStarted { tellReady() } else { start() }
    }

    private func start() {
        guard session.isIdle else { return }
        session.start(call(), host: host) { self.fail($0.message, $0.code) }
    }

    /// The call as the host takes it.
    func call() -> Call {
        Call(
            id: id, transport: RTVITransport.name, inputFormat: Self.input, outputFormat: Self.output,
            attributes: attributes, lead: Self.lead, output: self, observer: self)
    }

    /// The session has begun.
    func started() {
        isStarted = true
        if readyID != nil { tellReady() }
    }

    private func tellReady() {
        notify(.ready(id: readyID ?? "", version: version))
        readyID = nil
    }

    /// Says what is wrong and ends the call.
    func fail(_ message: String, _ code: WebSocketCloseCode) {
        notify(.error(message, isFatal: true))
        session.abort(code)
    }

    // MARK: Audio from the client

    private func hear(_ audio: RTVIFrame.Audio, request: String?) {
        start()
        let rate = audio.rateHz == 0 ? UInt64(Self.input.rateHz) : audio.rateHz
        guard rate == UInt64(Self.input.rateHz), audio.channels <= 1, audio.samples.readableBytes.isMultiple(of: 2)
        else {
            let wanted = "\(Self.input.rateHz) Hz, one channel, 16-bit samples"
            return notify(.refusal(RTVIError(request, "audio of this form is not taken; send \(wanted)")))
        }
        session.hear(audio.samples, format: Self.input, clock: &captured)
    }

    // MARK: Messages to the client

    /// Sends a message in the client's framing.
    func notify(_ notice: RTVINotice) {
        guard let peer = session.peer else { return }
        let text = notice.json.description
        switch framing {
        case .protobuf: peer.send(binary: RTVIFrame.message(ByteBuffer(string: text)).bytes)
        case .json, nil: peer.send(text: text)
        }
    }
}
