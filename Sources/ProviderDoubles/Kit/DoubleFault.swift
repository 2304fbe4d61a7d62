// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineTesting

/// What goes wrong on one connection, on its way between an adapter and a double that behaves.
///
/// Times are of the session's clock in a ``DoubleNetwork`` and real ones in a ``DoubleServer``.
package struct DoubleFault: Sendable {
    /// How far an exchange gets before it hangs.
    package enum Stage: Sendable, Equatable {
        /// The connection is never there.
        case connect
        /// The head of the answer, or the end of the handshake, never comes.
        case head
        /// Nothing comes after so many bytes of content.
        case bytes(Int)
    }

    /// How content is cut on its way; a WebSocket's messages stay whole.
    package enum Chunking: Sendable, Equatable {
        /// As the double sent it.
        case whole
        /// Byte by byte.
        case eachByte
        /// Pieces of 1 to 16 bytes.
        case random(seed: UInt64)
    }

    /// What the connection is refused with.
    package enum Refusal: Sendable {
        /// Nobody listens.
        case connection
        /// An answer in the double's place.
        case answer(DoubleAnswer)
    }

    /// Instead of an exchange.
    package var refusal: Refusal?
    /// Time until the connection is there.
    package var connectDelay = Duration.zero
    /// More time before the head of the answer.
    package var headDelay = Duration.zero
    /// More time before the first content.
    package var firstByteDelay = Duration.zero
    /// More time between one piece of content and the next.
    package var gap = Duration.zero
    /// How content is cut.
    package var chunking = Chunking.whole
    /// Content after which the connection is reset; messages that would exceed it are lost whole.
    package var cutAfter: Int?
    /// Where the exchange hangs.
    package var hang: Stage?

    /// Creates no fault.
    package init() {}

    /// Nothing goes wrong.
    package static let none = DoubleFault()
    /// Nobody listens.
    package static let refused = with { $0.refusal = .connection }

    /// An answer in the double's place.
    package static func status(_ status: Int, _ message: String = "scripted", retryAfter: Int? = nil) -> DoubleFault {
        with { $0.refusal = .answer(.error(status, message, type: "scripted", retryAfter: retryAfter)) }
    }

    /// The connection is reset after so many bytes of content.
    package static func cut(after count: Int) -> DoubleFault { with { $0.cutAfter = count } }

    /// The exchange hangs.
    package static func hang(at stage: Stage) -> DoubleFault { with { $0.hang = stage } }

    /// The first content is late.
    package static func slow(_ delay: Duration) -> DoubleFault { with { $0.firstByteDelay = delay } }

    /// Content is cut into pieces.
    package static func chunked(_ chunking: Chunking) -> DoubleFault { with { $0.chunking = chunking } }

    /// A fault with everything that `body` sets.
    package static func with(_ body: (inout DoubleFault) -> Void) -> DoubleFault {
        var fault = DoubleFault()
        body(&fault)
        return fault
    }
}

/// Lets a fault happen to what a double sends.
struct FaultyLine {
    private let fault: DoubleFault
    private let keepsMessages: Bool
    private var random: SeededGenerator
    private var sent = 0
    private var isFirst = true
    private var isOver = false

    init(_ fault: DoubleFault, keepsMessages: Bool) {
        self.fault = fault
        self.keepsMessages = keepsMessages
        var seed: UInt64 = 0
        if case .random(let value) = fault.chunking { seed = value }
        random = SeededGenerator(seed: seed)
    }

    /// The steps that really happen, in place of those that the double meant.
    mutating func bend(_ steps: [DoubleStep]) -> [DoubleStep] {
        var bent: [DoubleStep] = []
        for step in steps where !isOver {
            switch step {
            case .bytes(let bytes): send(bytes, into: &bent)
            case .text(let text): send(ByteBuffer(string: text), as: keepsMessages ? step : nil, into: &bent)
            case .wait, .clear: bent.append(step)
            case .close, .reset, .hang: stop(step, into: &bent)
            }
        }
        return bent
    }

    /// Sends content, as the message that it is or as bytes.
    private mutating func send(
        _ content: ByteBuffer, as message: DoubleStep? = nil, into bent: inout [DoubleStep]
    ) {
        var rest = content
        if content.readableBytes == 0, keepsMessages { bent.append(message ?? .bytes(content)) }
        while !isOver, rest.readableBytes > 0 {
            guard let room = room(for: rest.readableBytes, into: &bent) else { return }
            let piece = rest.readSlice(length: min(room, keepsMessages ? room : pieceLength(of: rest)))
            guard let piece else { return }
            let delay = isFirst ? fault.firstByteDelay : fault.gap
            isFirst = false
            if delay > .zero { bent.append(.wait(delay)) }
            bent.append(message ?? .bytes(piece))
            sent += piece.readableBytes
        }
        if !isOver, fault.cutAfter == sent { stop(.reset, into: &bent) }
        if !isOver, fault.hang == .bytes(sent) { stop(.hang, into: &bent) }
    }

    /// How many bytes still pass, or `nil` when the line has ended.
    private mutating func room(for length: Int, into bent: inout [DoubleStep]) -> Int? {
        var limits: [(count: Int, end: DoubleStep)] = []
        if let cut = fault.cutAfter { limits.append((cut, .reset)) }
        if case .bytes(let count) = fault.hang { limits.append((count, .hang)) }
        guard let nearest = limits.min(by: { $0.count < $1.count }) else { return length }
        let room = nearest.count - sent
        if room <= 0 || keepsMessages && room < length {
            stop(nearest.end, into: &bent)
            return nil
        }
        return min(room, length)
    }

    private mutating func pieceLength(of rest: ByteBuffer) -> Int {
        switch fault.chunking {
        case .whole: rest.readableBytes
        case .eachByte: 1
        case .random: min(Int.random(in: 1...16, using: &random), rest.readableBytes)
        }
    }

    private mutating func stop(_ step: DoubleStep, into bent: inout [DoubleStep]) {
        isOver = true
        bent.append(step)
    }
}
