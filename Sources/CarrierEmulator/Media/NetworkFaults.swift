// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting

/// What the network between carrier and agent does to a stream; all of it repeatable by `seed`.
public struct NetworkFaults: Sendable, Hashable {
    /// Time that every message takes in each direction.
    public var delay = Duration.zero
    /// Time by which a message may take longer; order is kept, as on any TCP connection.
    public var jitter = Duration.zero
    /// Share of the caller's audio that never arrives.
    public var lossRatio = 0.0
    /// Share of the caller's audio that arrives twice.
    public var duplicateRatio = 0.0
    /// When the connection breaks, in line time, without `stop` and without a close handshake.
    public var disconnectAt: Duration?
    /// How long the carrier keeps the first audio of a reply before it plays it.
    public var playbackDelay = Duration.zero
    /// Chooses which messages are hit.
    public var seed: UInt64 = 1

    /// Creates a network without faults.
    public init() {}
}

/// Messages on their way through a network that delays them; order is kept.
struct DelayedMessages<Message> {
    private var waiting: [(due: Duration, message: Message)] = []
    private var head = 0
    private let delay: Duration
    private let jitter: Duration

    /// Creates an empty line.
    init(delay: Duration, jitter: Duration) {
        self.delay = delay
        self.jitter = jitter
    }

    /// Sends a message.
    mutating func append(_ message: Message, at time: Duration, _ random: inout SeededGenerator) {
        let extra = jitter > .zero ? jitter * Double.random(in: 0...1, using: &random) : .zero
        waiting.append((max(time + delay + extra, waiting.last?.due ?? .zero), message))
    }

    /// Takes out the next message that has arrived.
    mutating func next(by time: Duration) -> Message? {
        guard head < waiting.count, waiting[head].due <= time else { return nil }
        defer {
            head += 1
            if head > 256 {
                waiting.removeFirst(head)
                head = 0
            }
        }
        return waiting[head].message
    }
}
