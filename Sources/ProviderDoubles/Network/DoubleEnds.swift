// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Providers

/// The content of an answer in memory.
final class DoubleBody: ProviderBody {
    private let line: DoubleLine
    private var isComplete = false

    init(_ line: DoubleLine) { self.line = line }

    func next() async throws -> ByteBuffer? {
        if isComplete { return nil }
        switch try await line.next() {
        case .closed:
            isComplete = true
            return nil
        case .content(.bytes(let bytes)): return bytes
        case .content: return ByteBuffer()
        }
    }

    func giveUp() { line.end(.givenUp) }
}

/// A WebSocket in memory.
final class DoubleSocket: ProviderSocket {
    private let line: DoubleLine
    private let peer: any DoublePeer
    private var isClosed = false

    init(_ line: DoubleLine, _ peer: any DoublePeer) {
        self.line = line
        self.peer = peer
        line.append(peer.opened())
    }

    var bufferedBytes: Int { 0 }

    func send(text: String) { send(.text(ByteBuffer(string: text))) }

    func send(binary: ByteBuffer) { send(.binary(binary)) }

    private func send(_ message: ProviderMessage) {
        guard !line.isOver else { return }
        line.noteReceived(message)
        line.append(peer.received(message))
    }

    func receive() async throws -> ProviderMessage? {
        if isClosed { return nil }
        switch try await line.next(staysOpen: true) {
        case .content(.text(let text)): return .text(ByteBuffer(string: text))
        case .content(.bytes(let bytes)): return .binary(bytes)
        case .content: return .binary(ByteBuffer())
        case .closed(let code, let reason):
            isClosed = true
            if code == 1000 { return nil }
            throw ProviderError.closed(code, reason: reason)
        }
    }

    func close() {
        isClosed = true
        line.end(.givenUp)
    }
}

/// A raw connection in memory.
final class DoubleStream: ProviderStream {
    private let line: DoubleLine
    private let peer: any DoublePeer
    private var isClosed = false

    init(_ line: DoubleLine, _ peer: any DoublePeer) {
        self.line = line
        self.peer = peer
        line.append(peer.opened())
    }

    var bufferedBytes: Int { 0 }

    func write(_ bytes: ByteBuffer) {
        guard !line.isOver else { return }
        line.noteReceived(.binary(bytes))
        line.append(peer.received(.binary(bytes)))
    }

    func next() async throws -> ByteBuffer? {
        if isClosed { return nil }
        switch try await line.next(staysOpen: true) {
        case .content(.bytes(let bytes)): return bytes
        case .content: return ByteBuffer()
        case .closed:
            isClosed = true
            return nil
        }
    }

    func close() {
        isClosed = true
        line.end(.givenUp)
    }
}
