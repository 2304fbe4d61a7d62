// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal
import PipelineTesting
import Testing

@testable import Processors

private let rates = [8_000, 16_000, 24_000, 32_000, 48_000]
private let pairs = rates.flatMap { from in rates.filter { $0 != from }.map { [from, $0] } }

/// What the kernels promise, measured with tones; the thresholds leave 3 to 5 dB to what they reach.
@Suite(.serialized) struct ResamplingQualityTests {
    /// A quarter of a second through a new stream.
    private func convert(_ tone: Tone, _ pair: [Int]) throws -> [Int16] {
        let resampler = try StreamingResampler(from: pair[0], to: pair[1])
        return resampler.process(tone.samples(pair[0] / 4, rate: pair[0])) + resampler.flush()
    }

    @Test(arguments: pairs) func tonesInThePassBandKeepLevelTimeAndPurity(_ pair: [Int]) throws {
        let band = Double(min(pair[0], pair[1])) / 2
        for share in [0.02, 0.11, 0.25, 0.37, 0.5, 0.62, 0.75, 0.85] {
            let tone = Tone(frequency: band * share)
            let ratio = tone.signalToNoise(in: try convert(tone, pair), rate: pair[1])
            #expect(ratio >= 80, "\(tone.frequency) Hz")
        }
    }

    @Test(arguments: pairs.filter { $0[0] > $0[1] }) func tonesAboveTheBandAreRejected(_ pair: [Int]) throws {
        let band = Double(pair[1]) / 2
        let top = Double(pair[0]) / 2
        for share in [0.0, 0.13, 0.31, 0.5, 0.77, 0.97] {
            let lowest = band * 1.14
            guard lowest < top else { continue }
            let tone = Tone(frequency: lowest + (top - lowest) * share)
            let rejection = -3.9 - innerLevel(try convert(tone, pair), rate: pair[1])
            #expect(rejection >= 80, "\(tone.frequency) Hz")
        }
    }

    /// libsamplerate's best filter is the yardstick; noise in the pass band, so no tone is favoured.
    @Test(arguments: pairs) func matchesTheBestLibraryFilterInThePassBand(_ pair: [Int]) throws {
        var random = SeededGenerator(seed: 3)
        let low = min(pair[0], pair[1])
        let tones = (0..<40).map { _ in
            Tone(frequency: .random(in: 50...0.42 * Double(low), using: &random), amplitude: 0.02)
        }
        let input = (0..<pair[0] / 4).map { k in
            Int16((tones.reduce(0) { $0 + $1.value(at: Double(k) / Double(pair[0])) } * 32767).rounded())
        }
        let kernel = try StreamingResampler(from: pair[0], to: pair[1])
        let library = try LibraryResampler(RateRatio(from: pair[0], to: pair[1]), quality: .best)
        let ours = kernel.process(input) + kernel.flush()
        let best = library.convertAll(input)
        #expect(ours.count == best.count)
        let difference = zip(ours, best).map { Int16(clamping: Int($0) - Int($1)) }
        #expect(innerLevel(best, rate: pair[1]) - innerLevel(difference, rate: pair[1]) >= 78)
    }

    @Test(arguments: ResamplerQuality.allCases) func libraryRatiosKeepLevelAndTime(_ quality: ResamplerQuality) throws {
        let tone = Tone(frequency: 1_000)
        for pair in [[44_100, 16_000], [16_000, 44_100], [22_050, 8_000], [8_000, 11_025]] {
            let resampler = try StreamingResampler(from: pair[0], to: pair[1], quality: quality)
            let output = resampler.process(tone.samples(pair[0] / 4, rate: pair[0])) + resampler.flush()
            #expect(tone.signalToNoise(in: output, rate: pair[1]) >= 75)
        }
    }

    @Test(arguments: pairs) func portableKernelsAgreeWithTheDispatchedOnes(_ pair: [Int]) throws {
        var random = SeededGenerator(seed: 5)
        let input = random.noise(3_000)
        let resampler = try StreamingResampler(from: pair[0], to: pair[1])
        let dispatched = resampler.process(input) + resampler.flush()
        csignal_force_portable(1)
        defer { csignal_force_portable(0) }
        let portable = resampler.process(input) + resampler.flush()
        #expect(zip(dispatched, portable).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        #expect(dispatched.count == portable.count)
    }
}

extension LibraryResampler {
    /// A whole clip through a new stream.
    fileprivate func convertAll(_ input: [Int16]) -> [Int16] {
        let head = [Int16](unsafeUninitializedCapacity: maximumOutput(for: input.count)) { output, count in
            count = input.withUnsafeBufferPointer { process($0, into: output) }
        }
        let tail = [Int16](unsafeUninitializedCapacity: maximumFlush) { output, count in
            count = flush(into: output)
        }
        return head + tail
    }
}
