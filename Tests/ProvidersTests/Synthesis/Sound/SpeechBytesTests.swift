// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles
import Testing

@testable import Providers

@Suite struct SpeechBytesTests {
    private let wide = AudioFormat(rateHz: 24_000)

    private func wave(
        _ samples: [UInt8], rateHz: UInt32 = 16_000, length: UInt32? = nil, before: [UInt8] = []
    ) -> [UInt8] {
        let integer = { (value: UInt32) in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var bytes = Array("RIFF".utf8) + integer(0) + Array("WAVE".utf8) + before
        bytes +=
            Array("fmt ".utf8) + integer(16) + [1, 0, 1, 0] + integer(rateHz) + integer(rateHz * 2) + [2, 0, 16, 0]
        return bytes + Array("data".utf8) + integer(length ?? UInt32(samples.count)) + samples
    }

    /// Reads a stream in pieces of random lengths.
    private func read(
        _ bytes: [UInt8], expecting format: AudioFormat?, seed: UInt64
    ) throws -> (samples: [UInt8], format: AudioFormat?) {
        var (reader, random) = (SpeechBytes(format), SeededGenerator(seed: seed))
        var (rest, samples) = (bytes[...], [UInt8]())
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...9, using: &random))
            samples += try reader.take(piece)
            rest = rest.dropFirst(piece.count)
        }
        return (samples + (try reader.finish()), reader.format)
    }

    @Test func samplesWithoutAHeaderAreWhatWasAskedFor() throws {
        let samples = (0..<200).map { UInt8($0) }
        for seed in 0..<20 {
            let (read, format) = try read(samples, expecting: wide, seed: UInt64(seed))
            #expect(read == samples)
            #expect(format == wide)
        }
    }

    @Test func theHeaderTellsTheRateAndIsNotHeard() throws {
        let samples = (0..<200).map { UInt8($0) }
        let list = Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]
        for seed in 0..<20 {
            let (read, format) = try read(wave(samples, before: list), expecting: wide, seed: UInt64(seed))
            #expect(read == samples)
            #expect(format == .wideband)
        }
    }

    @Test(arguments: [0, UInt32.max, 0x7FFF_FFFF]) func aPlaceholderForTheLengthMeansToTheEnd(_ length: UInt32) throws {
        let samples = [UInt8](repeating: 3, count: 64)
        var reader = SpeechBytes(nil)
        #expect(try reader.take(wave(samples, length: length)) == samples)
        #expect(reader.announced == nil)
    }

    @Test func whatFollowsTheSamplesIsNotHeard() throws {
        let samples = [UInt8](repeating: 3, count: 64)
        var reader = SpeechBytes(nil)
        let tail = Array("LIST".utf8) + [4, 0, 0, 0, 9, 9, 9, 9]
        #expect(try reader.take(wave(samples) + tail) == samples)
        #expect(try reader.take(tail).isEmpty)
        #expect(reader.announced == .milliseconds(2))
    }

    @Test func halfASampleAtTheEndIsDropped() throws {
        var reader = SpeechBytes(wide)
        #expect(try reader.take([1, 2, 3, 4, 5]) == [1, 2, 3, 4])
        #expect(try reader.finish().isEmpty)
        var short = SpeechBytes(wide)
        #expect(try short.take([1, 2, 3]).isEmpty)
        #expect(try short.finish() == [1, 2])
    }

    @Test(arguments: [("ID3\u{3}", "MP3"), ("OggS", "Ogg"), ("fLaC", "FLAC")])
    func compressedSoundIsRefused(_ beginning: String, _ name: String) {
        var reader = SpeechBytes(wide)
        #expect(throws: SpeechSoundError.compressed(name)) { try reader.take(beginning.utf8) }
    }

    @Test func aPageInPlaceOfAFileIsRefused() {
        var reader = SpeechBytes(nil)
        #expect(throws: SpeechSoundError.notAudio) { try reader.take("<!doctype html>".utf8) }
    }

    @Test func soundWithoutAnEndIsBrokenOff() throws {
        var reader = SpeechBytes(.telephone)
        let piece = [UInt8](repeating: 0, count: 16_000 * 60)
        for _ in 0..<10 { _ = try reader.take(piece) }
        #expect(throws: SpeechSoundError.endless) { try reader.take(piece) }
    }

    /// Every cut of a file gives a beginning of its samples or an error, and every damage ends in one or the other.
    @Test func damagedFilesNeverTrap() throws {
        let samples = (0..<100).map { UInt8($0) }
        let file = wave(samples)
        for end in 0...file.count {
            var reader = SpeechBytes(nil)
            let read = (try? reader.take(file[..<end])) ?? []
            #expect(samples.starts(with: read))
        }
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            var bytes = file
            for _ in 0..<3 { bytes[Int.random(in: 0..<44, using: &random)] = UInt8.random(in: 0...255, using: &random) }
            var reader = SpeechBytes(wide)
            _ = try? reader.take(bytes)
            _ = try? reader.finish()
        }
    }

    @Test func framesKeepEverySampleInItsPlace() {
        for format in [wide, AudioFormat(rateHz: 8000, encoding: .mulaw), AudioFormat(rateHz: 22_050)] {
            var (cutter, random) = (SpeechCutter(format), SeededGenerator(seed: 5))
            cutter.begin(at: MediaTime(nanoseconds: 1_000_000))
            var (bytes, frames) = ([UInt8](), [Frame]())
            for _ in 0..<50 {
                let count = Int.random(in: 0...900, using: &random) * format.bytesPerSample
                let piece = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                bytes += piece
                frames += cutter.append(piece)
            }
            frames += cutter.append([], isLast: true)
            let speech = Speech(frames)
            #expect(speech.bytes == bytes)
            #expect(speech.isContinuous)
            #expect(frames.dropLast().allSatisfy { $0.audio?.duration == .milliseconds(20) })
            #expect(abs((frames.last?.endTime ?? .zero).nanoseconds - cutter.end.nanoseconds) <= 1)
        }
    }

    @Test func anotherRateBecomesThePromisedOneWithoutALoss() throws {
        let samples: [UInt8] = (0..<4800).flatMap { _ -> [UInt8] in [0x10, 0x20] }
        let converter = try SpeechConverter(from: AudioFormat(rateHz: 48_000), to: .wideband)
        var converted: [UInt8] = []
        for start in stride(from: 0, to: samples.count, by: 700) {
            converted += try converter.convert(Array(samples[start..<min(start + 700, samples.count)]))
        }
        converted += try converter.flush()
        #expect(converted.count == samples.count / 3)
    }
}
