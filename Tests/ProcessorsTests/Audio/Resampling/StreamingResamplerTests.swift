// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal
import PipelineTesting
import Testing

@testable import Processors

/// Pairs of rates: all with a kernel, and some that libsamplerate converts.
private let commonRates = [8_000, 16_000, 24_000, 32_000, 48_000]
private let pairs: [[Int]] =
    commonRates.flatMap { from in commonRates.map { [from, $0] } } + [
        [44_100, 16_000], [22_050, 8_000], [8_000, 11_025],
    ]

@Suite struct StreamingResamplerTests {
    @Test(arguments: pairs) func givesAsManySamplesAsTheRatioSays(_ pair: [Int]) throws {
        for count in [0, 1, 2, 3, 159, 160, 1_000, 4_801] {
            let resampler = try StreamingResampler(from: pair[0], to: pair[1])
            let output = resampler.process([Int16](repeating: 100, count: count)) + resampler.flush()
            #expect(output.count == (count * pair[1] + pair[0] - 1) / pair[0])
        }
    }

    @Test(arguments: pairs) func theSplitIntoBlocksDoesNotChangeTheOutput(_ pair: [Int]) throws {
        var random = SeededGenerator(seed: 7)
        let input = random.noise(6_000)
        let resampler = try StreamingResampler(from: pair[0], to: pair[1])
        let whole = resampler.process(input) + resampler.flush()
        var split: [Int16] = []
        var position = 0
        while position < input.count {
            let end = min(input.count, position + [0, 1, 2, 7, 160, 1_500].randomElement(using: &random)!)
            split += resampler.process(Array(input[position..<end]))
            position = end
        }
        split += resampler.flush()
        #expect(split == whole)
    }

    @Test(arguments: pairs) func behavesAsNewAfterReset(_ pair: [Int]) throws {
        var random = SeededGenerator(seed: 11)
        let input = random.noise(2_000)
        let used = try StreamingResampler(from: pair[0], to: pair[1])
        _ = used.process(random.noise(777))
        used.reset()
        let new = try StreamingResampler(from: pair[0], to: pair[1])
        #expect(used.process(input) == new.process(input))
        #expect(used.flush() == new.flush())
    }

    @Test(arguments: pairs) func aStepOfFullScaleSaturatesAndDoesNotWrap(_ pair: [Int]) throws {
        let resampler = try StreamingResampler(from: pair[0], to: pair[1])
        let input = [Int16](repeating: .min, count: 2_000) + [Int16](repeating: .max, count: 2_000)
        let output = resampler.process(input) + resampler.flush()
        let half = output.count / 2
        #expect(output[100..<half - 30].allSatisfy { $0 < -30_000 })
        #expect(output[(half + 30)..<output.count - 100].allSatisfy { $0 > 30_000 })
    }

    @Test func equalRatesPassTheSamples() throws {
        let resampler = try StreamingResampler(from: 16_000, to: 16_000)
        #expect(resampler.process([1, -2, 3]) == [1, -2, 3])
        #expect(resampler.flush().isEmpty)
    }

    @Test(arguments: [[0, 8_000], [8_000, 0], [-1, 8_000], [8_000, 8_000 * 300], [.max, 8_000]])
    func refusesImpossibleRates(_ pair: [Int]) {
        #expect(throws: ResamplerError.unsupportedRates(from: pair[0], to: pair[1])) {
            try StreamingResampler(from: pair[0], to: pair[1])
        }
    }

    @Test func onlyTwentySamplesOfTheLowerRateAreHeld() throws {
        let up = try StreamingResampler(from: 8_000, to: 16_000)
        #expect(up.process([Int16](repeating: 0, count: 160)).count == 2 * (160 - 20))
        let down = try StreamingResampler(from: 48_000, to: 8_000)
        #expect(down.process([Int16](repeating: 0, count: 960)).count == 160 - 20)
    }
}
