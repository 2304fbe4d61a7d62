// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct MediaTimeTests {
    @Test(
        arguments: [
            (0, "0.000s"), (1_250_000_000, "1.250s"), (999_999, "0.000s"), (61_000_000_000, "61.000s"),
            (-1_500_000_000, "-1.500s"),
            (-20_000_000, "-0.020s"),
        ] as [(Int64, String)])
    func readsAsSeconds(nanoseconds: Int64, text: String) {
        #expect(MediaTime(nanoseconds: nanoseconds).description == text)
    }

    @Test func differencesAreDurations() {
        let (early, late) = (MediaTime(nanoseconds: 5), MediaTime(nanoseconds: 12))
        #expect(late - early == .nanoseconds(7))
        #expect(early - late == .nanoseconds(-7))
        #expect(early + .nanoseconds(7) == late)
        #expect(late - .nanoseconds(7) == early)
        #expect(early < late)
    }

    @Test(arguments: [8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 192_000])
    func samplesAndDurationsConvertBothWays(rate: Int) {
        var random = SeededGenerator(seed: UInt64(rate))
        for count in [0, 1, 32767, 65535] + (0..<200).map({ _ in Int.random(in: 0...1_000_000_000, using: &random) }) {
            #expect(Duration.samples(count, rate: rate).sampleCount(rate: rate) == count)
        }
    }

    @Test func aFrameOf20MillisecondsHasTheSamplesOfItsRate() {
        #expect(Duration.milliseconds(20).sampleCount(rate: 8000) == 160)
        #expect(Duration.milliseconds(20).sampleCount(rate: 44_100) == 882)
        #expect(Duration.samples(160, rate: 8000) == .milliseconds(20))
    }

    @Test func wholeDaysOfSamplesDoNotOverflow() {
        let days = 400 * 86_400
        #expect(Duration.samples(days * 48_000, rate: 48_000) == .seconds(days))
        #expect(Duration.seconds(days).sampleCount(rate: 48_000) == days * 48_000)
    }

    @Test func nanosecondsAreClampedAtTheirEnds() {
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.seconds(Int64.min).nanoseconds == .min)
        #expect(Duration.milliseconds(1500).nanoseconds == 1_500_000_000)
        #expect(Duration.milliseconds(-1500).nanoseconds == -1_500_000_000)
        #expect(Duration.microseconds(1500).milliseconds == 1.5)
    }
}
