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
        switch try await line.next() {
        case .content(.text(let text)): return .text(ByteBuffer(string: text))
        case .content(.bytes(let bytes)): return .binary(bytes)
        case .content: return .binary(ByteBuffer())
        case .closed(let code, let reason):
            isClosed = true
            if code == 1000 { return nil }
            throw Self.error(code, reason)
        }
    }

    func close() { line.end(.givenUp) }

    private static func error(_ code: UInt16, _ reason: String) -> ProviderError {
        let words = reason.isEmpty ? "" : ": \(reason)"
        let kind: ProviderError.Kind =
            switch code {
            case 1002, 1003, 1007, 1009: .malformed
            case 1008: .permanent
            default: .transient
            }
        return ProviderError(kind, "the provider closed the socket with code \(code)\(words)", status: Int(code))
    }
}
