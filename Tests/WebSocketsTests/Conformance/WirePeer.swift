// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded

@testable import WebSockets

/// A frame as a test writes it or reads it.
struct WireFrame: Equatable, CustomStringConvertible {
    var first: UInt8
    var payload: [UInt8]

    init(_ first: UInt8, _ payload: [UInt8] = []) {
        self.first = first
        self.payload = payload
    }

    static func text(_ text: String) -> Self { Self(0x81, Array(text.utf8)) }
    static func text(_ bytes: [UInt8]) -> Self { Self(0x81, bytes) }
    static func binary(_ bytes: [UInt8]) -> Self { Self(0x82, bytes) }
    static func begin(_ text: String) -> Self { Self(0x01, Array(text.utf8)) }
    static func begin(_ bytes: [UInt8]) -> Self { Self(0x01, bytes) }
    static func more(_ text: String) -> Self { Self(0x00, Array(text.utf8)) }
    static func more(_ bytes: [UInt8]) -> Self { Self(0x00, bytes) }
    static func last(_ text: String) -> Self { Self(0x80, Array(text.utf8)) }
    static func last(_ bytes: [UInt8]) -> Self { Self(0x80, bytes) }
    static func ping(_ text: String) -> Self { Self(0x89, Array(text.utf8)) }
    static func pong(_ text: String) -> Self { Self(0x8A, Array(text.utf8)) }
    static func close(_ code: UInt16?, _ reason: [UInt8] = []) -> Self {
        Self(0x88, (code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []) + reason)
    }

    /// The frame's bytes; `mask` is the client's key.
    func bytes(mask: UInt32? = 0x0A0B_0C0D) -> [UInt8] {
        let count = payload.count
        let bit: UInt8 = mask == nil ? 0 : 0x80
        var bytes = [first]
        if count < 126 {
            bytes.append(bit | UInt8(count))
        } else if count < 65536 {
            bytes += [bit | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        } else {
            bytes += [bit | 127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
        }
        guard let mask else { return bytes + payload }
        let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> (24 - 8 * UInt32($0))) }
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
    }

    /// Reads plain frames.
    static func parse(_ bytes: [UInt8]) -> [WireFrame] {
        var frames: [WireFrame] = []
        var index = 0
        while index + 2 <= bytes.count {
            let first = bytes[index]
            var count = Int(bytes[index + 1])
            index += 2
            if count >= 126 {
                let size = count == 126 ? 2 : 8
                count = bytes[index..<(index + size)].reduce(0) { $0 << 8 | Int($1) }
                index += size
            }
            frames.append(WireFrame(first, Array(bytes[index..<(index + count)])))
            index += count
        }
        return frames
    }

    var description: String {
        String(first, radix: 16) + ":" + String(decoding: payload.prefix(40), as: UTF8.self) + "(\(payload.count))"
    }
}

/// What a handler was told, in order.
enum Heard: Equatable {
    case opened
    case text(String)
    case binary([UInt8])
    case closed(WebSocketCloseCode?)
}

/// Records what it hears and sends every message back.
final class EchoHandler: WebSocketHandler {
    var heard: [Heard] = []
    var reason = ""
    var onMessage: (WebSocket) -> Void = { _ in }

    func opened(_ socket: WebSocket) { heard.append(.opened) }

    func received(text: ByteBuffer, _ socket: WebSocket) {
        heard.append(.text(String(buffer: text)))
        socket.send(text: text)
        onMessage(socket)
    }

    func received(binary: ByteBuffer, _ socket: WebSocket) {
        heard.append(.binary(Array(binary.readableBytesView)))
        socket.send(binary: binary)
        onMessage(socket)
    }

    func closed(_ code: WebSocketCloseCode?, reason: String) {
        heard.append(.closed(code))
        self.reason = reason
    }
}

/// A client on the wire of an echoing server, or the other way round, in virtual time.
struct WirePeer {
    let channel = EmbeddedChannel()
    let handler = EchoHandler()
    let socket: WebSocket

    init(_ side: WebSocket.Side = .server, limits: WebSocketLimits = .testing) throws {
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        socket = try WebSocket.install(on: channel, side, limits: limits, handler: handler)
    }

    /// Sends bytes cut as `pieces` says.
    func send(_ bytes: [UInt8], piece: () -> Int = { .max }) throws {
        var rest = bytes[...]
        while !rest.isEmpty, channel.isActive {
            let part = rest.prefix(max(1, piece()))
            rest = rest.dropFirst(part.count)
            try channel.writeInbound(ByteBuffer(bytes: part))
        }
        channel.embeddedEventLoop.run()
    }

    /// The frames that the socket has sent since the last time.
    func takeFrames() throws -> [WireFrame] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
        return WireFrame.parse(bytes)
    }

    func advance(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }
}

extension WebSocketLimits {
    /// Without pings, so that only what a test sends is on the wire.
    static var testing: WebSocketLimits {
        var limits = WebSocketLimits(maxMessageBytes: 1 << 20)
        limits.pingInterval = nil
        return limits
    }
}
