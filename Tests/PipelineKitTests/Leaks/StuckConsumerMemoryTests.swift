// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

/// A consumer that stands still while a caller speaks on: memory stays where it was, whatever the policy.
@Suite struct StuckConsumerMemoryTests {
    // In a process of its own: resident memory belongs to a process.
    @Test func staysWhereItWasWithEveryPolicy() async {
        await #expect(processExitsWith: .success) {
            for policy in QueueSettings.Policy.allCases {
                let gate = Gate()
                var builder = PipelineBuilder()
                builder.add(Caller(NoParameters()), onError: .continue)
                builder.add(
                    FlakyService(.hangs, gate: gate), id: "stuck",
                    queue: QueueSettings(capacity: 10, whenFull: policy))
                let harness = try PipelineHarness(builder.build())
                /// Frames of 100 ms with samples of their own, 3200 bytes each.
                func speak(_ count: Int) {
                    for index in 0..<count {
                        let samples = [Int16](repeating: Int16(truncatingIfNeeded: index), count: 1600)
                        harness.send(Frame(audio: Audio(format: .wideband, samples: samples)))
                    }
                }
                speak(2000)
                let check = LeakCheck()
                // 64 MB, more than half an hour of speech.
                speak(20_000)
                for difference in check.differences(growth: 4 << 20) { Issue.record("\(policy): \(difference)") }
                let figures = harness.onLoop { $0.statistics }.first { $0.id == "stuck" }
                #expect(figures?.framesDropped.values.reduce(0, +) ?? 0 > 21_900, "\(policy)")
                gate.open()
            }
        }
    }
}
