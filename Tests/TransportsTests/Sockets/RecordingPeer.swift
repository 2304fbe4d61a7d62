// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import WebSockets

@testable import Transports

/// Takes the place of a socket and remembers what was sent.
final class RecordingPeer: MessagePeer {
    /// A message.
    enum Message: Equatable {
        case text(JSONValue)
        case binary([UInt8])
    }

    /// What was sent, in order.
    private(set) var messages: [Message] = []
    /// How the socket was closed, if it was.
    private(set) var closed: [WebSocketCloseCode] = []
    var bufferedBytes = 0
    /// Holds the handler, as a socket does.
    var handler: (any WebSocketHandler)?

    func send(text: String) { messages.append(.text((try? JSONValue(parsing: text.utf8)) ?? .null)) }
    func send(binary: ByteBuffer) { messages.append(.binary(Array(binary.readableBytesView))) }
    func close(_ code: WebSocketCloseCode, reason: String) { closed.append(code) }

    /// Text messages of a type.
    func texts(_ type: String) -> [JSONValue] {
        messages.compactMap { message in
            guard case .text(let value) = message, value["type"]?.string == type else { return nil }
            return value
        }
    }

    /// The samples that were sent for a generation of the page's protocol.
    func samples(generation: UInt8) -> [Int16] {
        messages.flatMap { message -> [Int16] in
            guard case .binary(let bytes) = message, Array(bytes.prefix(4)) == [generation, 0, 0, 0] else { return [] }
            return stride(from: 4, to: bytes.count, by: 2).map { Int16(bytes[$0]) | Int16(bytes[$0 + 1]) << 8 }
        }
    }
}
