// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Transports

@Suite struct SendGateTests {
    private var gate = SendGate()

    private mutating func decide(_ waiting: Int, at milliseconds: Int) -> SendGate.Decision {
        gate.decide(waiting: .milliseconds(waiting), now: .zero + .milliseconds(milliseconds))
    }

    @Test mutating func dropsWhileMoreThanASecondWaitsAndUntilHalfOfItIsGone() {
        #expect(decide(1000, at: 0) == .send)
        #expect(decide(1001, at: 20) == .drop)
        #expect(decide(700, at: 40) == .drop)
        #expect(decide(499, at: 60) == .send)
        #expect(decide(700, at: 80) == .send)
    }

    @Test mutating func givesUpAfterFiveSeconds() {
        #expect(decide(2000, at: 0) == .drop)
        #expect(decide(2000, at: 4999) == .drop)
        #expect(decide(2000, at: 5000) == .giveUp)
    }

    @Test mutating func patienceBeginsAnewWhenThePeerHasCaughtUp() {
        #expect(decide(2000, at: 0) == .drop)
        #expect(decide(0, at: 4000) == .send)
        #expect(decide(2000, at: 5000) == .drop)
        #expect(decide(2000, at: 9000) == .drop)
    }
}
