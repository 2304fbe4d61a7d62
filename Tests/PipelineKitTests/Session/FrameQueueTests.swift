// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PipelineKit

@Suite struct FrameQueueTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var policy: QueueSettings.Policy
        /// `a` is audio, `c` is control, in the order of their coming; capacity is 3.
        var offered: String
        /// The positions of those that wait, from 0.
        var waiting: [Int]
        var dropped: Int
        var blocks: Bool
        var testDescription: String { "\(policy.rawValue) \(offered)" }
    }

    @Test(arguments: [
        Row(policy: .block, offered: "aa", waiting: [0, 1], dropped: 0, blocks: false),
        Row(policy: .block, offered: "aaa", waiting: [0, 1, 2], dropped: 0, blocks: true),
        Row(policy: .block, offered: "aaaaa", waiting: [0, 1, 2, 3, 4], dropped: 0, blocks: true),
        Row(policy: .dropOldest, offered: "aaaa", waiting: [1, 2, 3], dropped: 1, blocks: false),
        Row(policy: .dropOldest, offered: "caaa", waiting: [0, 2, 3], dropped: 1, blocks: false),
        Row(policy: .dropOldest, offered: "aaac", waiting: [0, 1, 2, 3], dropped: 0, blocks: false),
        Row(policy: .dropOldest, offered: "ccca", waiting: [0, 1, 2, 3], dropped: 0, blocks: false),
        Row(policy: .dropNewest, offered: "aaaa", waiting: [0, 1, 2], dropped: 1, blocks: false),
        Row(policy: .dropNewest, offered: "aaaca", waiting: [0, 1, 2, 3], dropped: 1, blocks: false),
        Row(policy: .keepLatest, offered: "aaa", waiting: [2], dropped: 2, blocks: false),
        Row(policy: .keepLatest, offered: "acaca", waiting: [1, 3, 4], dropped: 2, blocks: false),
    ])
    func keepsWhatThePolicySays(_ row: Row) {
        let queue = FrameQueue(QueueSettings(capacity: 3, whenFull: row.policy))
        for (index, kind) in row.offered.enumerated() {
            let time = MediaTime(nanoseconds: Int64(index))
            let frame =
                kind == "a"
                ? Frame(audio: .silence(.zero, format: .wideband), at: time) : Frame(Transcript("x"), at: time)
            _ = queue.append(.init(frame: frame, since: time, input: 0))
        }
        #expect(queue.blocks == row.blocks)
        #expect(queue.dropped == row.dropped)
        var waiting: [Int] = []
        while let item = queue.popFirst() { waiting.append(Int(item.frame.mediaTime.nanoseconds)) }
        #expect(waiting == row.waiting)
    }

    @Test(arguments: QueueSettings.Policy.allCases)
    func neverHoldsMoreThanItsLimitButTheEnd(_ policy: QueueSettings.Policy) {
        let queue = FrameQueue(QueueSettings(capacity: 5, whenFull: policy))
        for _ in 0..<1000 { _ = queue.append(.init(frame: Frame(Transcript("x")), since: .zero, input: 0)) }
        #expect(queue.count == 74)
        #expect(queue.peak == 74)
        #expect(queue.flooded == 926)
        #expect(queue.append(.init(frame: .endOfInput(at: .zero), since: .zero, input: 0)) == .accepted)
        #expect(queue.count == 75)
    }

    @Test func aFloodIsToldOfAtEachDoubling() {
        let queue = FrameQueue(QueueSettings(capacity: 1))
        var told: [Int] = []
        for _ in 0..<1000 where queue.append(.init(frame: Frame(Transcript("x")), since: .zero, input: 0)) == .flooded {
            told.append(queue.flooded)
        }
        #expect(told == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
    }

    @Test func anInterruptionRemovesReplyFramesOfOlderTurnsOnly() {
        let queue = FrameQueue(QueueSettings())
        func add(_ frame: Frame, epoch: UInt32) {
            var frame = frame
            frame.header.epoch = TurnEpoch(epoch)
            _ = queue.append(.init(frame: frame, since: .zero, input: 0))
        }
        add(Frame(Sentence("stale")), epoch: 0)
        add(Frame(Transcript("heard")), epoch: 0)
        add(Frame(Sentence("notice"), isUninterruptible: true), epoch: 0)
        add(Frame(Sentence("fresh")), epoch: 1)
        queue.removeStale(before: TurnEpoch(1))
        var left: [String] = []
        while let item = queue.popFirst() { left.append(item.frame[Sentence.self]?.text ?? "heard") }
        #expect(left == ["heard", "notice", "fresh"])
        #expect(queue.stale == 1)
    }
}
