// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Testing

@testable import PipelineKit

@Suite struct TurnTimelineTests {
    private func time(_ milliseconds: Int) -> MediaTime { .zero + .milliseconds(milliseconds) }

    @Test func namesEachPartOfTheGap() throws {
        var timeline = TurnTimeline()
        timeline.begin(TurnID(3))
        for (index, point) in TurnPoint.allCases.enumerated() {
            // The parts are 1, 2, 4, ... milliseconds long.
            timeline.mark(point, at: time((1 << index) - 1))
        }
        let record = try #require(timeline.record())
        #expect(record.turn == TurnID(3))
        #expect(record.gap == .milliseconds(511))
        let parts = record.parts.map { "\($0.name) \(Int($0.duration.milliseconds))" }
        #expect(
            parts == [
                "endpointing 1", "transcription 2", "model 16", "aggregation 32", "synthesis 64", "transport 256",
                "own \(4 + 8 + 128)",
            ])
    }

    @Test func thePartsAddUpWhateverIsMissingOrOutOfOrder() throws {
        for seed in 0..<2000 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var timeline = TurnTimeline()
            timeline.begin(TurnID(1))
            timeline.mark(.committed, at: time(Int.random(in: 0...100, using: &random)))
            for point in TurnPoint.allCases.shuffled(using: &random) where Bool.random(using: &random) {
                timeline.mark(point, at: time(Int.random(in: 0...1000, using: &random)))
            }
            timeline.mark(.heard, at: time(Int.random(in: 0...1000, using: &random)))
            let record = try #require(timeline.record())
            #expect(record.parts.map(\.duration).reduce(.zero, +) == record.gap, "seed \(seed)")
            #expect(record.parts.allSatisfy { $0.duration >= .zero }, "seed \(seed)")
            #expect(record.parts.count == 7)
        }
    }

    @Test func theEndOfSpeechMovesUntilTheTurnIsCommitted() {
        var timeline = TurnTimeline()
        timeline.begin(TurnID(1))
        timeline.mark(.speechEnded, at: time(10))
        timeline.mark(.speechEnded, at: time(20))
        timeline.mark(.committed, at: time(30))
        timeline.mark(.speechEnded, at: time(40))
        timeline.mark(.modelAnswered, at: time(50))
        timeline.mark(.modelAnswered, at: time(60))
        #expect(timeline[.speechEnded] == time(20))
        #expect(timeline[.modelAnswered] == time(50))
    }

    @Test func thereIsNoRecordBeforeTheReplyIsHeard() {
        var timeline = TurnTimeline()
        timeline.begin(TurnID(1))
        timeline.mark(.speechEnded, at: time(10))
        #expect(timeline.record() == nil)
        timeline.mark(.heard, at: time(20))
        timeline.begin(TurnID(2))
        #expect(timeline.record() == nil)
    }
}
