// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Synchronization
import Testing

@Suite struct SessionBeatTests {
    private func harness() throws -> PipelineHarness {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        return try PipelineHarness(builder.build())
    }

    @Test func beatsAtMultiplesOfTheIntervalUntilToldToStop() throws {
        let times = Mutex<[MediaTime]>([])
        let harness = try harness()
        harness.onLoop { session in
            session.every(.milliseconds(20)) { session in
                times.withLock { times in
                    times.append(session.now)
                    return times.count < 3
                }
            }
        }
        harness.advance(by: .milliseconds(19))
        #expect(times.withLock { $0.isEmpty })
        harness.advance(by: .seconds(1))
        #expect(times.withLock { $0.map(\.nanoseconds) } == [20_000_000, 40_000_000, 60_000_000])
        harness.end()
    }

    @Test func leavesNoTimerBehindTheSession() throws {
        let beats = Mutex(0)
        let harness = try harness()
        harness.onLoop { session in
            session.every(.milliseconds(20)) { _ in
                beats.withLock { $0 += 1 }
                return true
            }
        }
        harness.advance(by: .milliseconds(100))
        harness.end()
        let heard = beats.withLock { $0 }
        #expect(heard == 5)
        #expect(harness.loop.nextEvent == nil)
        harness.advance(by: .seconds(1))
        #expect(beats.withLock { $0 } == heard)
        #expect(harness.onLoop { $0.hasEnded })
    }
}
