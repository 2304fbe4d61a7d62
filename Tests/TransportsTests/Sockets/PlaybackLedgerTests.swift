// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

@Suite struct PlaybackLedgerTests {
    private var ledger = PlaybackLedger(rate: 1000)

    private static func time(_ milliseconds: Int) -> MediaTime { .zero + .milliseconds(milliseconds) }

    @Test mutating func goesByTheClockUntilThePlayerAcknowledges() {
        ledger.write(20, at: Self.time(100))
        #expect(ledger.heardTime(at: Self.time(500)) == Self.time(500))
        #expect(ledger.unheard == .zero)
        ledger.acknowledge(generation: 1, position: 0)
        #expect(ledger.heardTime(at: Self.time(500)) == Self.time(100))
        #expect(ledger.unheard == .milliseconds(20))
    }

    @Test mutating func findsTheTimeOfAPositionAcrossGaps() {
        ledger.acknowledge(generation: 1, position: 0)
        ledger.write(20, at: Self.time(100))
        ledger.write(20, at: Self.time(120))
        ledger.write(40, at: Self.time(1000))
        ledger.acknowledge(generation: 1, position: 30)
        #expect(ledger.heardTime(at: Self.time(2000)) == Self.time(130))
        ledger.acknowledge(generation: 1, position: 40)
        #expect(ledger.heardTime(at: Self.time(2000)) == Self.time(1000))
        ledger.acknowledge(generation: 1, position: 65)
        #expect(ledger.heardTime(at: Self.time(2000)) == Self.time(1025))
        ledger.acknowledge(generation: 1, position: 80)
        #expect(ledger.heardTime(at: Self.time(2000)) == Self.time(2000))
    }

    @Test mutating func ignoresAcknowledgementsThatCannotBe() {
        ledger.write(20, at: Self.time(100))
        ledger.acknowledge(generation: 1, position: 10)
        ledger.acknowledge(generation: 1, position: 5)
        ledger.acknowledge(generation: 2, position: 20)
        #expect(ledger.heard == 10)
        ledger.acknowledge(generation: 1, position: .max)
        #expect(ledger.heard == 20)
        ledger.acknowledge(generation: .max, position: .max)
        ledger.acknowledge(generation: -1, position: 3)
        #expect(ledger.heard == 20)
    }

    @Test mutating func aFlushForgetsAndCountsAnew() {
        ledger.acknowledge(generation: 1, position: 0)
        ledger.write(100, at: Self.time(100))
        ledger.flush()
        #expect(ledger.generation == 2)
        #expect(ledger.heardTime(at: Self.time(150)) == Self.time(150))
        ledger.acknowledge(generation: 1, position: 100)
        #expect(ledger.heard == 0)
        ledger.write(10, at: Self.time(200))
        #expect(ledger.heardTime(at: Self.time(250)) == Self.time(200))
    }

    @Test(arguments: 1...20) func timeNeverRunsBackNorAhead(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var ledger = PlaybackLedger(rate: 8000)
        ledger.acknowledge(generation: 1, position: 0)
        var (now, playhead, last) = (MediaTime.zero, MediaTime.zero, MediaTime.zero)
        for _ in 0..<5000 {
            now += .milliseconds(Int.random(in: 0...20, using: &random))
            switch Int.random(in: 0..<100, using: &random) {
            case 0:
                ledger.flush()
                playhead = now
            case 1..<60:
                playhead = max(playhead, now)
                ledger.write(160, at: playhead)
                playhead += .milliseconds(20)
            default:
                let position = Int.random(in: 0...max(1, ledger.written), using: &random)
                ledger.acknowledge(generation: Int(ledger.generation), position: position)
            }
            let heard = ledger.heardTime(at: now)
            #expect(heard >= last && heard <= now)
            #expect(ledger.heard <= ledger.written)
            last = heard
        }
    }
}
