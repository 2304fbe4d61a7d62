// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct DTMFTonesTests {
    private static let frequencies = [697.0, 770, 852, 941, 1209, 1336, 1477, 1633]

    /// The energy of a frequency, as a receiver measures it (Goertzel's recurrence).
    private func energy(_ samples: ArraySlice<Int16>, at hertz: Double, rate: Double) -> Double {
        let factor = 2 * cos(2 * .pi * hertz / rate)
        var (last, before) = (0.0, 0.0)
        for sample in samples { (last, before) = (Double(sample) + factor * last - before, last) }
        return (last * last + before * before - factor * last * before) / Double(samples.count * samples.count)
    }

    /// The key that a receiver hears.
    private func key(_ samples: ArraySlice<Int16>, rate: Double) -> Character? {
        let energies = Self.frequencies.map { energy(samples, at: $0, rate: rate) }
        let row = (0..<4).max { energies[$0] < energies[$1] } ?? 0
        let column = (4..<8).max { energies[$0] < energies[$1] } ?? 4
        let others = (0..<8).filter { $0 != row && $0 != column }.map { energies[$0] }.max() ?? 0
        guard min(energies[row], energies[column]) > 30 * others else { return nil }
        return Array(["123A", "456B", "789C", "*0#D"][row])[column - 4]
    }

    @Test(arguments: [8_000, 16_000, 48_000])
    func everyKeyIsHeardAsItself(rate: Int) throws {
        let harness = try ProcessorHarness(DTMFTones(.with { $0.rateHz = rate }))
        harness.send(KeysToPress("0123456789*#ABCD"))
        let output = harness.takeOutput()
        let length = Duration.milliseconds(100).sampleCount(rate: rate)
        let keys = output.audio.map { audio in
            audio.withSamples { key(Array($0)[..<length], rate: Double(rate)) }
        }
        #expect(String(keys.map { $0 ?? "?" }) == "0123456789*#ABCD")
        #expect(output.audio.allSatisfy { $0.duration == .milliseconds(180) })
    }

    @Test func waitsWhereItIsTold() throws {
        let harness = try ProcessorHarness(DTMFTones(.template))
        harness.send(KeysToPress("1wW#"))
        let output = harness.takeOutput()
        #expect(
            output.audio.map(\.duration) == [.milliseconds(180), .milliseconds(500), .seconds(1), .milliseconds(180)])
        #expect(output.audio[1].rmsLevel() == -120)
    }

    @Test func leavesOutWhatIsNoKey() throws {
        let harness = try ProcessorHarness(DTMFTones(.template))
        harness.send(KeysToPress("x5é "))
        harness.send(KeysToPress(""))
        harness.send(KeysToPress(String(repeating: "1", count: 10_000)))
        #expect(harness.takeOutput().count == 1 + 64)
    }

    @Test func keepsItsPlaceAmongTheWords() throws {
        let harness = try ProcessorHarness(DTMFTones(.template))
        harness.send(Sentence("one"))
        harness.send(KeysToPress("1"))
        harness.send(Sentence("two"))
        #expect(try harness.finish().map(\.frameType) == ["sentence", "audio", "sentence"])
    }
}
