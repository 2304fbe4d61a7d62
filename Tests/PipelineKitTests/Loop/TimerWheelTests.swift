// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting
import Testing

@testable import PipelineKit

/// The wheel beside a list that is sorted by deadline and order of setting.
@Suite struct TimerWheelTests {
    private final class Target: TimerTarget {
        func timerFired(_ token: Int) {}
    }

    private struct Model {
        var timers: [(deadline: Int64, token: Int)] = []

        mutating func popNext(notAfter limit: Int64) -> (deadline: Int64, token: Int)? {
            guard let index = timers.indices.min(by: { timers[$0].deadline < timers[$1].deadline }),
                timers[index].deadline <= limit
            else { return nil }
            return timers.remove(at: index)
        }
    }

    private let target = Target()

    private func tokens(_ wheel: inout TimerWheel, until limit: Int64) -> [Int] {
        var tokens: [Int] = []
        while let fired = wheel.popNext(notAfter: MediaTime(nanoseconds: limit)) { tokens.append(fired.token) }
        return tokens
    }

    /// Deadlines near and far, with many that are equal.
    private func deadline(after now: Int64, _ random: inout SeededGenerator) -> Int64 {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: now
        case 1: now - Int64.random(in: 0...5_000_000, using: &random)
        case 2: now + 20_000_000
        case 3: now + Int64.random(in: 0...3_000_000, using: &random)
        case 4: now + Int64.random(in: 0...10_000_000_000, using: &random)
        default: now + (1 << Int64.random(in: 10...52, using: &random))
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func firesInTheOrderOfASortedList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (wheel, model) = (TimerWheel(), Model())
        var ids: [Int: TimerID] = [:]
        var differences: [String] = []
        var now = Int64.random(in: 0...1_000_000_000_000, using: &random)
        for token in 0..<1500 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                let deadline = deadline(after: now, &random)
                ids[token] = wheel.schedule(at: MediaTime(nanoseconds: deadline), target: target, token: token)
                model.timers.append((deadline, token))
            case 6..<8:
                guard let victim = ids.keys.sorted().randomElement(using: &random),
                    let id = ids.removeValue(forKey: victim)
                else { continue }
                // Those that have fired already are left alone by both.
                wheel.cancel(id)
                model.timers.removeAll { $0.token == victim }
            default:
                now += 1 << Int64.random(in: 10...34, using: &random)
                while let expected = model.popNext(notAfter: now) {
                    let fired = wheel.popNext(notAfter: MediaTime(nanoseconds: now))
                    if fired?.token != expected.token || fired?.deadline.nanoseconds != expected.deadline {
                        differences.append("\(expected.token) at \(expected.deadline), not \(fired?.token ?? -1)")
                    }
                }
                let rest = tokens(&wheel, until: now)
                if !rest.isEmpty { differences.append("\(rest) too early at \(now)") }
            }
            if wheel.count != model.timers.count { differences.append("\(wheel.count) are set after \(token)") }
            let (earliest, promised) = (model.timers.map(\.deadline).min(), wheel.earliestDeadline()?.nanoseconds)
            // The promise may be early, never late.
            if (earliest == nil) != (promised == nil) || (promised ?? 0) > max(earliest ?? 0, now) {
                differences.append("promised \(promised ?? -1) for \(earliest ?? -1)")
            }
        }
        #expect(differences.isEmpty)
    }

    @Test func equalDeadlinesFireInTheOrderInWhichTheyWereSet() {
        var wheel = TimerWheel()
        for token in 0..<100 {
            _ = wheel.schedule(at: MediaTime(nanoseconds: 5_000_000_000), target: target, token: token)
        }
        let fired = tokens(&wheel, until: 5_000_000_000)
        #expect(fired == Array(0..<100))
    }

    @Test(arguments: [0, 1, 32767, 65535, 1 << 40, 1 << 55, 1 << 56, (1 << 57) - 1, 1 << 60, .max] as [Int64])
    func deadlinesAsFarAsTimeGoesFireOnce(deadline: Int64) {
        var wheel = TimerWheel()
        _ = wheel.schedule(at: MediaTime(nanoseconds: deadline), target: target, token: 7)
        let early = deadline > 0 ? tokens(&wheel, until: deadline - 1) : []
        let fired = tokens(&wheel, until: deadline)
        #expect(early.isEmpty)
        #expect(fired == [7])
        #expect(wheel.count == 0)
        #expect(wheel.earliestDeadline() == nil)
    }

    @Test func aTimerThatIsCancelledTwiceOrTooLateHarmsNoOther() {
        var wheel = TimerWheel()
        let first = wheel.schedule(at: MediaTime(nanoseconds: 10), target: target, token: 1)
        wheel.cancel(first)
        let second = wheel.schedule(at: MediaTime(nanoseconds: 1 << 40), target: target, token: 2)
        wheel.cancel(first)
        #expect(wheel.count == 1)
        let fired = tokens(&wheel, until: 1 << 40)
        #expect(fired == [2])
        wheel.cancel(second)
        #expect(wheel.count == 0)
    }
}
