// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A moment in the answering of a turn.
public enum TurnPoint: Int, Sendable, CaseIterable {
    /// The caller's last speech sample.
    case speechEnded
    /// Voice activity was taken to be over.
    case endpointed
    /// The last words arrived.
    case transcribed
    /// The turn was taken to be over.
    case committed
    /// The model was asked.
    case modelAsked
    /// The model's first text.
    case modelAnswered
    /// The synthesiser was asked.
    case synthesisAsked
    /// The synthesiser's first audio.
    case synthesisAnswered
    /// The first audio reached the transport.
    case sent
    /// The first sample is heard.
    case heard
}

/// Where the time between the caller's last sample and the reply's first one went.
///
/// The parts add up to the gap.
public struct TurnRecord: Sendable, Equatable {
    /// A part of the gap.
    public struct Part: Sendable, Equatable {
        /// What the time was spent on.
        public var name: String
        /// How much.
        public var duration: Duration

        /// Creates a part.
        public init(name: String, duration: Duration) {
            self.name = name
            self.duration = duration
        }
    }

    /// The turn that was answered.
    public var turn: TurnID
    /// From the caller's last speech sample to the first sample of the reply.
    public var gap: Duration
    /// `endpointing`, `transcription`, `model`, `aggregation`, `synthesis`, `transport`, `own`: in this order, all of them.
    public var parts: [Part]

    /// Creates a breakdown.
    public init(turn: TurnID, gap: Duration, parts: [Part]) {
        self.turn = turn
        self.gap = gap
        self.parts = parts
    }
}

/// Collects the moments of the current turn.
///
/// Knows no clock.
struct TurnTimeline {
    private(set) var turn = TurnID(0)
    private var times = [MediaTime?](repeating: nil, count: TurnPoint.allCases.count)

    /// Begins the timeline of a turn and forgets the one before.
    mutating func begin(_ turn: TurnID) {
        self.turn = turn
        for index in times.indices { times[index] = nil }
    }

    /// Records a moment; the first time counts, but for the end of speech and what follows from it, which may move
    /// until the turn is committed.
    mutating func mark(_ point: TurnPoint, at time: @autoclosure () -> MediaTime) {
        let mayMove = point.rawValue < TurnPoint.committed.rawValue && times[TurnPoint.committed.rawValue] == nil
        if times[point.rawValue] == nil || mayMove { times[point.rawValue] = time() }
    }

    /// When a moment was, if it was.
    subscript(_ point: TurnPoint) -> MediaTime? { times[point.rawValue] }

    /// The breakdown, once the reply is heard.
    func record() -> TurnRecord? {
        guard let start = self[.speechEnded] ?? self[.committed], let heard = self[.heard] else { return nil }
        var parts: [TurnRecord.Part] = []
        var cursor = start
        var own = Duration.zero
        /// Attributes the time up to `point` to `name`; a moment that is missing or out of order takes none.
        func take(_ name: String?, until point: TurnPoint) {
            let end = min(max(self[point] ?? cursor, cursor), max(heard, cursor))
            if let name { parts.append(.init(name: name, duration: end - cursor)) } else { own += end - cursor }
            cursor = end
        }
        take("endpointing", until: .endpointed)
        take("transcription", until: .transcribed)
        take(nil, until: .committed)
        take(nil, until: .modelAsked)
        take("model", until: .modelAnswered)
        take("aggregation", until: .synthesisAsked)
        take("synthesis", until: .synthesisAnswered)
        take(nil, until: .sent)
        take("transport", until: .heard)
        parts.append(.init(name: "own", duration: own))
        return TurnRecord(turn: turn, gap: cursor - start, parts: parts)
    }
}
