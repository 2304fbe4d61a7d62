// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineTesting
import Testing

@testable import Processors

private let formats = [8_000, 12_000, 16_000, 24_000, 48_000].flatMap { rate in [1, 2].map { [rate, $0] } }

/// A tone whose level swings, in frames of 20 ms; both channels of stereo hold the same.
private func speechLike(_ format: OpusFormat, frames: Int) -> [[Int16]] {
    let frameLength = format.rate / 50
    let tone = Tone(frequency: 440, amplitude: 0.4)
    return (0..<frames).map { frame in
        (0..<frameLength).flatMap { k in
            let time = Double(frame * frameLength + k) / Double(format.rate)
            let sample = Int16(tone.value(at: time) * (0.6 + 0.4 * sin(2 * .pi * 3 * time)) * 32_767)
            return [Int16](repeating: sample, count: format.channels)
        }
    }
}

/// The largest normalised correlation of two signals over even shifts of the second up to `limit` samples.
private func bestCorrelation(_ first: [Int16], _ second: [Int16], limit: Int) -> Double {
    stride(from: 0, through: limit, by: 2).map { shift in
        var (product, energy, otherEnergy) = (0.0, 0.0, 0.0)
        for (a, b) in zip(first, second.dropFirst(shift)) {
            product += Double(a) * Double(b)
            energy += Double(a) * Double(a)
            otherEnergy += Double(b) * Double(b)
        }
        return product / max((energy * otherEnergy).squareRoot(), 1)
    }.max() ?? 0
}

@Suite struct OpusTests {
    @Test(arguments: formats) func speechComesBackAsItWas(_ format: [Int]) throws {
        let format = try OpusFormat(rate: format[0], channels: format[1])
        let encoder = try OpusPacketEncoder(format)
        let decoder = try OpusPacketDecoder(format)
        let frames = speechLike(format, frames: 9)
        let decoded = try frames.map { try decoder.decode(try encoder.encode($0)) }
        #expect(decoded.allSatisfy { $0.count == frames[0].count })
        // libopus delays by 6.5 ms at every rate; the first frames still gather speed.
        let limit = format.rate / 100 * format.channels
        let ratio = bestCorrelation(Array(frames[5..<8].joined()), Array(decoded[5...].joined()), limit: limit)
        #expect(ratio > 0.95)
    }

    @Test func aPacketCarriesACopyOfTheFrameBefore() throws {
        let format = try OpusFormat(rate: 16_000)
        var settings = OpusPacketEncoder.Settings()
        settings.expectedLoss = 0.3
        let encoder = try OpusPacketEncoder(format, settings)
        let packets = try speechLike(format, frames: 40).map { try encoder.encode($0) }
        let whole = try OpusPacketDecoder(format)
        let lossy = try OpusPacketDecoder(format)
        var energies = (original: 0.0, difference: 0.0)
        for (index, packet) in packets.enumerated() {
            let original = try whole.decode(packet)
            guard index % 10 == 9, index + 1 < packets.count else {
                _ = try lossy.decode(packet)
                continue
            }
            let recovered = try lossy.recover(320, from: packets[index + 1])
            for (a, b) in zip(original, recovered) {
                energies.original += Double(a) * Double(a)
                energies.difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
            }
        }
        #expect(energies.difference < 0.2 * energies.original)
    }

    @Test func aLostPacketIsConcealedAndThenFades() throws {
        let format = try OpusFormat(rate: 16_000)
        let encoder = try OpusPacketEncoder(format)
        let decoder = try OpusPacketDecoder(format)
        for frame in speechLike(format, frames: 20) { _ = try decoder.decode(try encoder.encode(frame)) }
        let first = try decoder.conceal(320)
        #expect(first.count == 320)
        #expect(first.contains { abs($0) > 1_000 })
        let later = try (0..<20).map { _ in try decoder.conceal(320) }.last
        #expect(later?.allSatisfy { abs(Int($0)) < 1_000 } == true)
    }

    @Test func discontinuousTransmissionLeavesSilenceOut() throws {
        let format = try OpusFormat(rate: 16_000)
        let silence = [Int16](repeating: 0, count: 320)
        var settings = OpusPacketEncoder.Settings()
        let continuous = try OpusPacketEncoder(format, settings)
        settings.isDiscontinuous = true
        let discontinuous = try OpusPacketEncoder(format, settings)
        let sizes = try (0..<50).map { _ in
            (try continuous.encode(silence).count, try discontinuous.encode(silence).count)
        }
        #expect(sizes.count { $0.0 <= 2 } == 0)
        #expect(sizes.count { $0.1 <= 2 } > 30)
    }

    @Test func bitrateDecidesTheSizeOfPackets() throws {
        let format = try OpusFormat(rate: 48_000)
        let sizes = try [16_000, 64_000].map { bitrate in
            var settings = OpusPacketEncoder.Settings()
            settings.bitrate = bitrate
            let encoder = try OpusPacketEncoder(format, settings)
            return try speechLike(format, frames: 50).reduce(0) { $0 + (try encoder.encode($1).count) }
        }
        #expect(sizes[1] > 2 * sizes[0])
    }

    @Test func refusesFormatsSettingsAndFramesThatOpusHasNot() throws {
        #expect(throws: OpusError.unsupportedFormat(rate: 44_100, channels: 1)) { try OpusFormat(rate: 44_100) }
        #expect(throws: OpusError.unsupportedFormat(rate: 8_000, channels: 3)) {
            try OpusFormat(rate: 8_000, channels: 3)
        }
        let format = try OpusFormat(rate: 16_000)
        var settings = OpusPacketEncoder.Settings()
        settings.complexity = 11
        #expect(throws: OpusError.invalidSetting("a complexity of 11")) { try OpusPacketEncoder(format, settings) }
        settings = OpusPacketEncoder.Settings()
        settings.expectedLoss = .nan
        #expect(throws: OpusError.invalidSetting("an expected loss of nan")) { try OpusPacketEncoder(format, settings) }
        let encoder = try OpusPacketEncoder(format)
        for count in [0, 1, 319, 321, 16_000] {
            #expect(throws: OpusError.invalidFrameLength(sampleCount: count)) {
                try encoder.encode([Int16](repeating: 0, count: count))
            }
        }
        let decoder = try OpusPacketDecoder(format)
        #expect(throws: OpusError.invalidFrameLength(sampleCount: 7)) { try decoder.conceal(7) }
        #expect(throws: OpusError.invalidFrameLength(sampleCount: 3_840)) { try decoder.conceal(3_840) }
    }

    @Test func malformedPacketsGiveErrorsAndTheStreamGoesOn() throws {
        let format = try OpusFormat(rate: 16_000, channels: 2)
        let encoder = try OpusPacketEncoder(format)
        let decoder = try OpusPacketDecoder(format)
        let packets = try speechLike(format, frames: 10).map { try encoder.encode($0) }
        var random = SeededGenerator(seed: 17)
        var refused = 0
        for round in 0..<1_000 {
            var bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if round % 2 == 0 {
                bytes = packets[round % packets.count]
                bytes[Int.random(in: bytes.indices, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
                bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            }
            do throws(OpusError) {
                #expect(try decoder.decode(bytes).count <= format.maximumSampleCount * 2)
            } catch {
                #expect(error == .invalidPacket)
                refused += 1
            }
        }
        #expect(refused > 50)
        #expect(throws: OpusError.invalidPacket) { try decoder.decode([]) }
        try decoder.reset()
        #expect(try decoder.decode(packets[0]).count == 640)
    }

    @Test func aFullBufferIsAnErrorAndNotAnOverrun() throws {
        let format = try OpusFormat(rate: 16_000)
        let packet = try OpusPacketEncoder(format).encode([Int16](repeating: 500, count: 960))
        let decoder = try OpusPacketDecoder(format)
        var small = [Int16](repeating: 0, count: 320)
        _ = small.withUnsafeMutableBufferPointer { output in
            #expect(throws: OpusError.bufferTooSmall) {
                try packet.withUnsafeBufferPointer { _ = try decoder.decode($0, into: output) }
            }
        }
    }
}
