// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// When an agent's audio arrived on the line, against real time.
///
/// The audio of a reply is due at a steady pace: a piece that begins `n` samples into the reply is due `n` samples of time
/// after the reply's beginning. The beginning is where the most punctual of the pieces so far puts it, so that what an agent
/// sends ahead does not excuse the pieces behind it. Times are line time: since the stream began.
public struct ArrivalStatistics: Sendable {
    /// A silence on the wire that ends a reply: no agent is that late.
    private static let replyGap = Duration.milliseconds(500)

    /// How much later than due each piece of audio arrived.
    public private(set) var lateness = LatencyHistogram()
    /// Times at which the queue ran dry in the middle of a reply.
    public private(set) var underrunCount = 0
    /// Messages with audio.
    public private(set) var messageCount = 0
    /// When the last audio arrived.
    public private(set) var lastArrival: Duration?
    private var origin: Duration?
    private var sent = Duration.zero

    /// Audio arrived.
    mutating func add(sampleCount: Int, at time: Duration, isQueueEmpty: Bool) {
        defer {
            sent += .milliseconds(125 * sampleCount) / 1000
            lastArrival = time
            messageCount += 1
        }
        guard let first = origin, let lastArrival, time - lastArrival < Self.replyGap || time < first + sent else {
            (origin, sent) = (time, .zero)
            return lateness.add(.zero)
        }
        let origin = min(first, time - sent)
        self.origin = origin
        lateness.add(time - origin - sent)
        if isQueueEmpty { underrunCount += 1 }
    }

    /// The agent took back what was not heard: what follows is another reply.
    mutating func cleared() { origin = nil }
}

/// The caller began to speak while the agent could be heard.
public struct BargeIn: Sendable, Hashable {
    /// When the first loud sample left, in line time.
    public var spokeAt: Duration
    /// When the agent took back what was not heard; `nil` if it did not.
    public internal(set) var clearedAt: Duration?
    /// When audio of the reply arrived for the last time after the caller had begun; `nil` if none did.
    public internal(set) var lastAudioAt: Duration?

    /// Time from the caller's first loud sample to the last that was sent of the reply; `nil` if nothing was cleared.
    public var stoppedAfter: Duration? {
        clearedAt.map { max($0, lastAudioAt ?? .zero) - spokeAt }
    }
}
