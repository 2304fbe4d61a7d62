// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Synchronization
import WebSockets

@testable import Transports

/// Twilio's side of a Media Stream, as far as a test needs it: notes what comes, and echoes marks.
///
/// `@unchecked Sendable`: after `init` touched on the socket's loop alone, but for what the mutex holds.
final class StreamClient: WebSocketHandler, @unchecked Sendable {
    private struct State {
        var messages: [JSONValue] = []
        var closed: WebSocketCloseCode??
        var waiting: [(isMet: @Sendable ([JSONValue], Bool) -> Bool, continuation: CheckedContinuation<Void, Never>)] =
            []
    }

    private let state = Mutex(State())
    private let echoes: Bool
    private var socket: WebSocket?

    init(echoesMarks: Bool = true) { echoes = echoesMarks }

    // MARK: Socket

    func opened(_ socket: WebSocket) { self.socket = socket }

    func received(text: ByteBuffer, _ socket: WebSocket) {
        guard let message = try? JSONValue(parsing: text.readableBytesView) else { return }
        if echoes, let name = message["mark"]?["name"]?.string {
            send(#"{"event":"mark","streamSid":"MZ1","mark":{"name":"\#(name)"}}"#)
        }
        change { $0.messages.append(message) }
    }

    func closed(_ code: WebSocketCloseCode?, reason: String) {
        socket = nil
        change { $0.closed = .some(code) }
    }

    private func change(_ body: (inout State) -> Void) {
        let met = state.withLock { state in
            body(&state)
            let (messages, isClosed) = (state.messages, state.closed != nil)
            let met = state.waiting.filter { $0.isMet(messages, isClosed) }
            state.waiting.removeAll { $0.isMet(messages, isClosed) }
            return met
        }
        for waiting in met { waiting.continuation.resume() }
    }

    // MARK: Test

    /// Sends text messages, in order.
    func send(_ messages: String...) {
        guard let socket else { return }
        socket.eventLoop.execute { for message in messages { socket.send(text: message) } }
    }

    /// Closes the connection.
    func hangUp() {
        guard let socket else { return }
        socket.eventLoop.execute { socket.close(.goingAway) }
    }

    /// Breaks the connection off as a network does that fails.
    func breakOff() {
        guard let socket else { return }
        socket.eventLoop.execute { socket.drop("broken off") }
    }

    /// What has come so far.
    var messages: [JSONValue] { state.withLock { $0.messages } }
    /// The code with which the socket was closed.
    var closeCode: WebSocketCloseCode? { state.withLock { $0.closed ?? nil } }

    /// The sound that has come so far.
    var sound: [UInt8] {
        messages.compactMap { $0["media"]?["payload"]?.string }.flatMap { Base64.decode($0.utf8) ?? [] }
    }

    /// Waits until enough has come; an end of the socket is enough in any case.
    func wait(until isMet: @escaping @Sendable ([JSONValue]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isMetNow = state.withLock { state in
                if state.closed != nil || isMet(state.messages) { return true }
                state.waiting.append(({ isMet($0) || $1 }, continuation))
                return false
            }
            if isMetNow { continuation.resume() }
        }
    }

    /// Waits until the socket is closed.
    func waitForEnd() async { await wait { _ in false } }

    /// The message that begins a stream.
    static func start(token: String?, call: String = "CA1") -> String {
        let parameters = token.map { #""token":"\#($0)","tenant":"7""# } ?? ""
        return
            #"{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"accountSid":"AC1","streamSid":"MZ1","#
            + #""callSid":"\#(call)","tracks":["inbound"],"customParameters":{\#(parameters)},"#
            + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}"#
    }

    /// A message that bears 20 ms of one code.
    static func media(_ chunk: Int, _ timestamp: Int, code: UInt8) -> String {
        let payload = Base64.encode([UInt8](repeating: code, count: 160))
        return #"{"event":"media","sequenceNumber":"2","streamSid":"MZ1","media":{"track":"inbound","#
            + #""chunk":"\#(chunk)","timestamp":"\#(timestamp)","payload":"\#(payload)"}}"#
    }
}
