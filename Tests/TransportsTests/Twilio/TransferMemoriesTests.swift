// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Transports

@Suite struct TransferMemoriesTests {
    private let start = ContinuousClock.now

    @Test func aMemoryIsTakenOnceAndInTime() {
        let memories = TransferMemories()
        memories.keep(SessionMemory(), of: "CA1", for: .seconds(60), now: start)
        #expect(memories.take("CA2", now: start) == nil)
        #expect(memories.take("CA1", now: start + .seconds(59)) != nil)
        #expect(memories.take("CA1", now: start + .seconds(59)) == nil)
        memories.keep(SessionMemory(), of: "CA1", for: .seconds(60), now: start)
        #expect(memories.take("CA1", now: start + .seconds(60)) == nil)
    }

    @Test func theOldestGoesWhenThereAreTooMany() {
        let memories = TransferMemories(capacity: 3)
        for call in 1...5 { memories.keep(SessionMemory(), of: "CA\(call)", for: .seconds(60), now: start) }
        // Kept again it is the newest.
        memories.keep(SessionMemory(), of: "CA3", for: .seconds(60), now: start)
        memories.keep(SessionMemory(), of: "CA6", for: .seconds(60), now: start)
        let left = (1...6).filter { memories.take("CA\($0)", now: start) != nil }
        #expect(left == [3, 5, 6])
    }
}
