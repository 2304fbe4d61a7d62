// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

@Suite struct CaptureClockTests {
    private var clock = CaptureClock(rate: 16000)

    /// Places 20 ms that arrive at `milliseconds`; returns where they begin, in milliseconds.
    private mutating func arrive(at milliseconds: Int) -> Int? {
        guard case .at(let time) = place(at: milliseconds) else { return nil }
        return Int(time.nanoseconds / 1_000_000)
    }

    private mutating func place(at milliseconds: Int) -> CaptureClock.Placement {
        clock.place(sampleCount: 320, now: .zero + .milliseconds(milliseconds))
    }

    @Test mutating func countsSamplesWhateverTheJitter() {
        #expect(arrive(at: 20) == 0)
        #expect(arrive(at: 55) == 20)
        #expect(arrive(at: 60) == 40)
        #expect(arrive(at: 62) == 60)
        #expect(arrive(at: 300) == 80)
    }

    @Test mutating func neverPlacesAudioBeforeTheSessionBegan() {
        #expect(arrive(at: 5) == 0)
    }

    @Test mutating func keepsABurstThatIsNotOldAndDropsOneThatIs() {
        #expect(arrive(at: 20) == 0)
        // A second of silence on the wire is made up for in full.
        #expect(arrive(at: 1000) == 20)
        #expect(arrive(at: 1001) == 40)
        for _ in 0..<48 { _ = arrive(at: 1002) }
        // Three seconds are not: what lies more than a second back is dropped.
        let late = (0..<98).map { _ in place(at: 4000) }
        #expect(late.allSatisfy { $0 == .late })
        #expect(arrive(at: 4000) == 2980)
        #expect(arrive(at: 4000) == 3000)
    }

    @Test mutating func leavesAGapWhereNothingWasSent() {
        #expect(arrive(at: 20) == 0)
        // Nothing for nine seconds, then at the usual pace: it is new, but only time can show that.
        let first = stride(from: 9000, to: 9200, by: 20).map { place(at: $0) }
        #expect(first.allSatisfy { $0 == .late })
        #expect(arrive(at: 9200) == 9180)
        #expect(arrive(at: 9220) == 9200)
    }

    @Test mutating func refusesWhatComesFasterThanItCanHaveBeenCaptured() {
        let placements = (0..<100).map { _ in place(at: 1000) }
        #expect(placements.filter { $0 != .early }.count == 4)
        #expect(place(at: 1000) == .early)
        #expect(arrive(at: 1020) == 1060)
    }

    @Test(arguments: 1...20) func placedAudioNeverOverlapsNorLiesAhead(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var clock = CaptureClock(rate: 8000)
        var (now, end) = (MediaTime.zero, MediaTime.zero)
        for _ in 0..<2000 {
            let pause = Int.random(in: 0..<50, using: &random) == 0 ? 5000 : 40
            now += .milliseconds(Int.random(in: 0...pause, using: &random))
            let count = Int.random(in: 1...800, using: &random)
            guard case .at(let time) = clock.place(sampleCount: count, now: now) else { continue }
            #expect(time >= end)
            end = time + .samples(count, rate: 8000)
            #expect(time <= now + CaptureClock.lead)
            #expect(end >= now - CaptureClock.maxLag - .milliseconds(200))
        }
    }
}
