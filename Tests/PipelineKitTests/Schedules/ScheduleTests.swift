// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit
import PipelineTesting
import Testing

/// Random calls: interruptions, queue states and latencies from a seed, in virtual time.
///
/// In each of them no stale reply frame reaches a sink, no caller audio is lost, every turn closes, an utterance gets one
/// reply, and what is reported as heard was heard. A release build runs 100 000 of them, a debug build 2 000;
/// `SCHEDULES=500000` asks for more, and `SCHEDULE=17` for a single one.
@Suite struct ScheduleTests {
    private static let count = setting("SCHEDULES") ?? standardCount
    private static let chunks = 16

    #if DEBUG
        private static let standardCount = 2000
    #else
        private static let standardCount = 100_000
    #endif

    private static func setting(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    @Test(arguments: 0..<chunks)
    func everyCallKeepsItsPromises(chunk: Int) throws {
        var seeds = Array(stride(from: chunk, to: Self.count, by: Self.chunks))
        if let only = Self.setting("SCHEDULE") { seeds = chunk == 0 ? [only] : [] }
        var failures = 0
        for seed in seeds where failures < 3 {
            let run = ScheduleRun(Schedule(seed: UInt64(seed)))
            try run.run()
            guard !run.violations.isEmpty else { continue }
            failures += 1
            Issue.record("schedule \(seed): \(run.violations.prefix(4).joined(separator: "; "))")
        }
    }

    @Test func theSameSeedGivesTheSameCall() throws {
        for seed in 0..<UInt64(Self.count / 20) {
            let (first, second) = (ScheduleRun(Schedule(seed: seed)), ScheduleRun(Schedule(seed: seed)))
            try first.run()
            try second.run()
            #expect(first.digest == second.digest, "schedule \(seed)")
        }
    }

    @Test func differentSeedsGiveDifferentCalls() throws {
        let digests = try (0..<50).map { seed in
            let run = ScheduleRun(Schedule(seed: UInt64(seed)))
            try run.run()
            return run.digest
        }
        #expect(Set(digests).count == 50)
    }
}
