// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule

/// The audio that an agent has sent and the caller has not heard yet, with the marks between.
///
/// Plays in order and in real time; knows no clock: each call of ``play(_:into:)`` is so many samples of line time. Holds
/// at most ten minutes, as the carrier does.
struct PlaybackQueue {
    private enum Entry {
        case audio(ArraySlice<UInt8>)
        case mark(String)
    }

    /// What the line carries when nothing is played: µ-law silence.
    static let silence: UInt8 = 0xFF
    /// Ten minutes of audio.
    static let capacity = 10 * 60 * 8000
    private static let markLimit = 10_000

    private var entries = Deque<Entry>()
    private var markCount = 0
    /// Samples that wait.
    private(set) var queuedSamples = 0
    /// How long the first audio of an empty queue is kept before it is played, in samples: a jitter buffer.
    private let startDelay: Int
    private var holdoff = 0

    /// Creates an empty queue.
    init(startDelay: Int = 0) { self.startDelay = startDelay }

    /// Whether anything is still to be heard.
    var isEmpty: Bool { queuedSamples == 0 }

    /// Adds audio; answers false when it did not fit and was discarded.
    mutating func append(_ payload: [UInt8]) -> Bool {
        guard queuedSamples + payload.count <= Self.capacity else { return false }
        guard !payload.isEmpty else { return true }
        if isEmpty { holdoff = startDelay }
        entries.append(.audio(payload[...]))
        queuedSamples += payload.count
        return true
    }

    /// Adds a mark behind the audio so far; answers true when it is passed at once, because nothing waits.
    mutating func append(mark name: String) -> Bool {
        guard !isEmpty, markCount < Self.markLimit else { return true }
        entries.append(.mark(name))
        markCount += 1
        return false
    }

    /// Forgets all audio; returns the marks that waited, in order.
    mutating func clear() -> [String] {
        let marks = entries.compactMap { if case .mark(let name) = $0 { name } else { nil } }
        entries.removeAll()
        (queuedSamples, markCount, holdoff) = (0, 0, 0)
        return marks
    }

    /// Plays the next samples, silence where there are none; returns the marks that were passed.
    mutating func play(_ count: Int, into line: inout [UInt8]) -> [String] {
        var rest = count
        let held = min(holdoff, rest)
        line.append(contentsOf: repeatElement(Self.silence, count: held))
        holdoff -= held
        rest -= held
        var passed: [String] = []
        while rest > 0 || isMarkNext, let entry = entries.popFirst() {
            switch entry {
            case .mark(let name):
                markCount -= 1
                passed.append(name)
            case .audio(let samples):
                let heard = samples.prefix(rest)
                line.append(contentsOf: heard)
                rest -= heard.count
                queuedSamples -= heard.count
                if heard.count < samples.count { entries.prepend(.audio(samples.dropFirst(heard.count))) }
            }
        }
        line.append(contentsOf: repeatElement(Self.silence, count: rest))
        return passed
    }

    private var isMarkNext: Bool {
        if case .mark = entries.first { holdoff == 0 } else { false }
    }
}
