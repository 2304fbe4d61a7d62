// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Runner

@Suite struct MeasureCommandTests {
    private static let format = AudioFormat(rateHz: 16000, channels: 2)

    /// A recording of `seconds` with noise on both sides and tones where somebody speaks, in milliseconds.
    private func recording(
        seconds: Int, caller: [Range<Int>], agent: [Range<Int>], noiseDBFS: Double = -60
    ) -> Audio {
        let length = seconds * Self.format.rateHz
        let noise = Audio.noise(dbfs: noiseDBFS, seed: 7, .seconds(seconds), format: Self.format)
        let tone = Audio.tone(dbfs: -23, hz: 180, .seconds(seconds)).withSamples(Array.init)
        return Audio(format: Self.format, sampleCount: length) { target in
            noise.withSamples { _ = target.update(fromContentsOf: $0) }
            for (channel, speech) in [caller, agent].enumerated() {
                for range in speech {
                    for index in range.lowerBound * 16..<range.upperBound * 16 {
                        target[2 * index + channel] &+= tone[index]
                    }
                }
            }
        }
    }

    @Test(arguments: [-120.0, -70, -55, -45]) func findsKnownGapsToTenMilliseconds(noiseDBFS: Double) async throws {
        let directory = try TemporaryDirectory()
        let ends = [(1000, 2207), (4003, 4815), (7511, 9000)]
        let audio = recording(
            seconds: 12, caller: [200..<1000, 3000..<4003, 6600..<7511],
            agent: [2207..<2900, 4815..<6200, 9000..<11000],
            noiseDBFS: noiseDBFS)
        let path = try directory.write(audio, to: "call.wav")
        let result = await CommandResult.of("measure", path, "--json")
        #expect(result.status == .good)
        let gaps = try #require(jsonNumbers("gap_ms", in: result.printed.result))
        #expect(gaps.count == 3)
        for (gap, (end, start)) in zip(gaps, ends) { #expect(abs(gap - Double(start - end)) <= 10) }
    }

    @Test func findsBargeInsAndOverlaps() throws {
        let caller = [stretch(0, 1000), stretch(2500, 4000), stretch(6000, 9000)]
        let agent = [stretch(1500, 2700), stretch(4600, 5500), stretch(8800, 10_000)]
        let measurement = CallMeasurement(caller: caller, agent: agent)
        #expect(measurement.gaps.map(\.duration) == [.milliseconds(500), .milliseconds(600)])
        #expect(measurement.bargeIns.map(\.stopTime) == [.milliseconds(200)])
        #expect(measurement.overlaps.map(\.duration) == [.milliseconds(200)])
    }

    @Test func countsOnlyTheFirstSentenceOfAnAnswer() {
        let measurement = CallMeasurement(
            caller: [stretch(0, 1000)], agent: [stretch(1400, 2000), stretch(2600, 3000)])
        #expect(measurement.gaps.map(\.duration) == [.milliseconds(400)])
    }

    @Test func takesPercentilesByNearestRank() {
        let caller = (0..<20).map { stretch($0 * 10_000, $0 * 10_000 + 1000) }
        let agent = (0..<20).map { stretch($0 * 10_000 + 1100 + $0 * 10, $0 * 10_000 + 2000 + $0 * 10) }
        let measurement = CallMeasurement(caller: caller, agent: agent)
        #expect(measurement.gap(atPercentile: 0.5) == .milliseconds(190))
        #expect(measurement.gap(atPercentile: 0.95) == .milliseconds(280))
    }

    @Test func ignoresClicksAndJoinsPauses() {
        var levels = [Double](repeating: -70, count: 1000)
        levels[100] = -10
        for window in 200..<240 { levels[window] = -20 }
        for window in 300..<340 { levels[window] = -20 }
        #expect(SpeechFinder().stretches(in: levels) == [stretch(1000, 1700)])
    }

    @Test func wantsTwoChannels() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(.tone(.milliseconds(100)), to: "mono.wav")
        let result = await CommandResult.of("measure", path)
        #expect(result.status == .problems)
        #expect(result.printed.report.contains("has one channel"))
    }

    private func stretch(_ start: Int, _ end: Int) -> SpeechStretch {
        SpeechStretch(start: .zero + .milliseconds(start), end: .zero + .milliseconds(end))
    }
}

/// All numbers that stand behind a key in JSON text, in order.
func jsonNumbers(_ key: String, in text: String) -> [Double]? {
    let parts = text.split(separator: "\"\(key)\":", omittingEmptySubsequences: false).dropFirst()
    let numbers = parts.map { part in Double(part.prefix { "-+.0123456789eE".contains($0) }) }
    return numbers.contains(nil) ? nil : numbers.compactMap(\.self)
}
