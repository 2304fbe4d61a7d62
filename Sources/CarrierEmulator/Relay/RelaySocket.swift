// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit
import Synchronization
import WebSockets

/// The socket of a relay: keeps what comes in until the line's next moment.
///
/// `@unchecked Sendable`: `socket` is touched on its loop alone, the rest is behind a lock.
final class RelaySocket: WebSocketHandler, @unchecked Sendable {
    /// Something that came in.
    enum Arrival: Sendable {
        case text([UInt8], at: ContinuousClock.Instant)
        case binary
        case closed(WebSocketCloseCode?, String)
    }

    /// As many messages as may wait; a well-behaved agent has a few.
    private static let limit = 10_000

    private let arrivals = Mutex<[Arrival]>([])
    private let loop: any EventLoop
    private var socket: WebSocket?

    private init(on loop: any EventLoop) { self.loop = loop }

    /// Opens a socket.
    ///
    /// - Throws: ``WebSocketError``.
    static func open(_ url: String, headers: HTTPHeaders, on group: any EventLoopGroup) async throws -> RelaySocket {
        let loop = group.next()
        let relay = RelaySocket(on: loop)
        try await WebSocketClient.connect(url: url, headers: headers, on: loop) { _ in relay }
        return relay
    }

    /// Takes out what has come in.
    func takeArrivals() -> [Arrival] {
        arrivals.withLock { arrivals in
            defer { arrivals.removeAll(keepingCapacity: true) }
            return arrivals
        }
    }

    /// Sends a message.
    func send(_ message: JSONValue) {
        let text = message.description
        loop.execute { self.socket?.send(text: text) }
    }

    /// Closes the socket.
    func close(_ code: WebSocketCloseCode, reason: String = "") {
        loop.execute { self.socket?.close(code, reason: reason) }
    }

    func opened(_ socket: WebSocket) { self.socket = socket }

    func received(text: ByteBuffer, _ socket: WebSocket) {
        add(.text(Array(text.readableBytesView), at: .now))
    }

    func received(binary: ByteBuffer, _ socket: WebSocket) { add(.binary) }

    func closed(_ code: WebSocketCloseCode?, reason: String) {
        socket = nil
        arrivals.withLock { $0.append(.closed(code, reason)) }
    }

    private func add(_ arrival: Arrival) {
        let isFull = arrivals.withLock { arrivals in
            if arrivals.count < Self.limit { arrivals.append(arrival) }
            return arrivals.count >= Self.limit
        }
        if isFull { socket?.close(.policyViolation, reason: "more messages than can be taken") }
    }
}
