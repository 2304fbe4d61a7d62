// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Providers

struct StreamClockTests {
    @Test func countsOnOverGapsOfTheAudio() {
        var clock = StreamClock()
        clock.append(.milliseconds(500), at: .zero + .seconds(1))
        clock.append(.milliseconds(500), at: .zero + .seconds(3))
        #expect(clock.position == .seconds(1))
        #expect(clock.time(at: .milliseconds(200)) == .zero + .milliseconds(1200))
        #expect(clock.time(at: .milliseconds(700)) == .zero + .milliseconds(3200))
        #expect(clock.end == .zero + .milliseconds(3500))
    }

    @Test func whatBeginsAtAGapLiesBehindItAndWhatEndsThereBeforeIt() {
        var clock = StreamClock()
        clock.append(.milliseconds(500), at: .zero)
        clock.append(.milliseconds(500), at: .zero + .seconds(2))
        #expect(clock.time(at: .milliseconds(500)) == .zero + .seconds(2))
        #expect(clock.endTime(at: .milliseconds(500)) == .zero + .milliseconds(500))
    }

    @Test func jitterIsNoGap() {
        var clock = StreamClock()
        for index in 0..<100 {
            let jitter = Duration.milliseconds(index.isMultiple(of: 2) ? 2 : -2)
            clock.append(.milliseconds(20), at: .zero + .milliseconds(20 * index + 10) + jitter)
        }
        #expect(clock.time(at: .seconds(1)) == .zero + .milliseconds(1012))
    }

    @Test func positionsThatWereNeverSentAreTheEnd() {
        var clock = StreamClock()
        #expect(clock.time(at: .seconds(5)) == .zero)
        clock.append(.seconds(1), at: .zero + .seconds(1))
        #expect(clock.time(at: .seconds(9)) == .zero + .seconds(2))
        #expect(clock.endTime(at: .seconds(9)) == .zero + .seconds(2))
    }
}
