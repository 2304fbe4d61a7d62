// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal
import Testing

@testable import Processors

/// Magnitudes of the µ-law's positive codes, from 0xFF down to 0x80 (G.711, table 2a, times 4).
private let ulawValues: [Int16] = [
    0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120, 132, 148, 164, 180, 196, 212, 228, 244, 260,
    276, 292, 308, 324, 340, 356, 372, 396, 428, 460, 492, 524, 556, 588, 620, 652, 684, 716, 748, 780, 812, 844,
    876, 924, 988, 1_052, 1_116, 1_180, 1_244, 1_308, 1_372, 1_436, 1_500, 1_564, 1_628, 1_692, 1_756, 1_820, 1_884,
    1_980, 2_108, 2_236, 2_364, 2_492, 2_620, 2_748, 2_876, 3_004, 3_132, 3_260, 3_388, 3_516, 3_644, 3_772, 3_900,
    4_092, 4_348, 4_604, 4_860, 5_116, 5_372, 5_628, 5_884, 6_140, 6_396, 6_652, 6_908, 7_164, 7_420, 7_676, 7_932,
    8_316, 8_828, 9_340, 9_852, 10_364, 10_876, 11_388, 11_900, 12_412, 12_924, 13_436, 13_948, 14_460, 14_972,
    15_484, 15_996, 16_764, 17_788, 18_812, 19_836, 20_860, 21_884, 22_908, 23_932, 24_956, 25_980, 27_004, 28_028,
    29_052, 30_076, 31_100, 32_124,
]

/// Magnitudes of the A-law's positive codes, from 0x80 to 0xFF, before the even bits are inverted (table 1a, times 8).
private let alawValues: [Int16] = [
    8, 24, 40, 56, 72, 88, 104, 120, 136, 152, 168, 184, 200, 216, 232, 248, 264, 280, 296, 312, 328, 344, 360, 376,
    392, 408, 424, 440, 456, 472, 488, 504, 528, 560, 592, 624, 656, 688, 720, 752, 784, 816, 848, 880, 912, 944,
    976, 1_008, 1_056, 1_120, 1_184, 1_248, 1_312, 1_376, 1_440, 1_504, 1_568, 1_632, 1_696, 1_760, 1_824, 1_888,
    1_952, 2_016, 2_112, 2_240, 2_368, 2_496, 2_624, 2_752, 2_880, 3_008, 3_136, 3_264, 3_392, 3_520, 3_648, 3_776,
    3_904, 4_032, 4_224, 4_480, 4_736, 4_992, 5_248, 5_504, 5_760, 6_016, 6_272, 6_528, 6_784, 7_040, 7_296, 7_552,
    7_808, 8_064, 8_448, 8_960, 9_472, 9_984, 10_496, 11_008, 11_520, 12_032, 12_544, 13_056, 13_568, 14_080, 14_592,
    15_104, 15_616, 16_128, 16_896, 17_920, 18_944, 19_968, 20_992, 22_016, 23_040, 24_064, 25_088, 26_112, 27_136,
    28_160, 29_184, 30_208, 31_232, 32_256,
]

/// The thresholds between neighbouring codes: from `first` on in runs of equal steps, each twice the last.
private func decisionValues(first: Int, runs: [Int], step: Int) -> [Int] {
    var values = [first]
    for (run, length) in runs.enumerated() {
        for _ in 0..<length { values.append(values[values.count - 1] + step << run) }
    }
    return values
}

@Suite struct G711Tests {
    @Test func ulawCodesHaveThePublishedValues() {
        for (index, value) in ulawValues.enumerated() {
            let code = UInt8(0xFF - index)
            #expect(G711Law.ulaw.decode([code, code & 0x7F]) == [value, -value])
        }
    }

    @Test func alawCodesHaveThePublishedValues() {
        for (index, value) in alawValues.enumerated() {
            let code = UInt8(0x80 | index)
            #expect(G711Law.alaw.decode([code ^ 0x55, (code & 0x7F) ^ 0x55]) == [value, -value])
        }
    }

    @Test func ulawCodesChangeAtThePublishedThresholds() {
        // G.711, table 2a: 1, 3 ... 31, 35 ... 95, 103 ... 7903, in units of four 16-bit steps.
        let thresholds = decisionValues(first: 4, runs: [15, 16, 16, 16, 16, 16, 16, 15], step: 8)
        #expect(thresholds.count == 127)
        #expect(thresholds.last == 7_903 * 4)
        for (index, threshold) in thresholds.enumerated() {
            let (below, above) = (UInt8(0xFF - index), UInt8(0xFE - index))
            #expect(G711Law.ulaw.encode([Int16(threshold - 1), Int16(threshold)]) == [below, above])
            // Negative samples count from -1: G.191 takes their one's complement.
            #expect(G711Law.ulaw.encode([Int16(-threshold), Int16(-threshold - 1)]) == [below & 0x7F, above & 0x7F])
        }
    }

    @Test func alawCodesChangeAtThePublishedThresholds() {
        // G.711, table 1a: 2, 4 ... 64, 68 ... 128, 136 ... 3968, in units of eight 16-bit steps.
        let thresholds = decisionValues(first: 16, runs: [31, 16, 16, 16, 16, 16, 15], step: 16)
        #expect(thresholds.count == 127)
        #expect(thresholds.last == 3_968 * 8)
        for (index, threshold) in thresholds.enumerated() {
            let (below, above) = (UInt8(0x80 | index) ^ 0x55, UInt8(0x81 + index) ^ 0x55)
            #expect(G711Law.alaw.encode([Int16(threshold - 1), Int16(threshold)]) == [below, above])
            #expect(G711Law.alaw.encode([Int16(-threshold), Int16(-threshold - 1)]) == [below ^ 0x80, above ^ 0x80])
        }
    }

    @Test(arguments: G711Law.allCases) func theLimitsOfSixteenBitsTakeTheLargestCodes(_ law: G711Law) {
        let largest: [UInt8] = law == .ulaw ? [0x80, 0x00] : [0xAA, 0x2A]
        #expect(law.encode([.max, .min]) == largest)
        #expect(law.encode([0]) == [law.silence])
    }

    /// The µ-law's two zeros are the exception: minus zero decodes to 0, whose code is plus zero.
    @Test(arguments: G711Law.allCases) func everyCodeSurvivesDecodingAndEncoding(_ law: G711Law) {
        let codes = (UInt8.min...UInt8.max).filter { law == .alaw || $0 != 0x7F }
        #expect(law.encode(law.decode(codes)) == codes)
    }

    @Test(arguments: G711Law.allCases) func portableKernelsAgreeWithTheDispatchedOnes(_ law: G711Law) {
        let samples = Array(Int16.min...Int16.max)
        let codes = Array(UInt8.min...UInt8.max)
        let (encoded, decoded) = (law.encode(samples), law.decode(codes))
        csignal_force_portable(1)
        defer { csignal_force_portable(0) }
        #expect(law.encode(samples) == encoded)
        #expect(law.decode(codes) == decoded)
    }
}
