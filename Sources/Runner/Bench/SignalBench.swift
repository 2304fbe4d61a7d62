// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Processors

/// What the signal processing costs.
enum SignalBench {
    /// Whether the weights of Silero are there.
    static var hasSilero: Bool { (try? SileroModel.load()) != nil }

    /// Microseconds of CPU for one window of Silero, 32 ms; `nil` without the weights.
    static func sileroWindowMicroseconds() -> Double? {
        guard let model = try? SileroModel.load() else { return nil }
        var state = SileroState()
        let window = (0..<SileroState.windowLength).map { Int16(truncatingIfNeeded: $0 * 7919 % 6000 - 3000) }
        return Stopwatch.median(of: 9) {
            let count = 1000
            let start = Stopwatch.cpu
            window.withUnsafeBufferPointer { samples in
                for _ in 0..<count { _ = state.probability(of: samples, model: model) }
            }
            return (Stopwatch.cpu - start) / Double(count) / 1000
        }
    }

    /// Microseconds of CPU to resample a second of audio from 8 to 16 kHz, in frames of 20 ms.
    static func resampleMicrosecondsPerSecond() throws -> Double {
        let resampler = try StreamingResampler(from: 8_000, to: 16_000)
        let input = (0..<160).map { Int16(truncatingIfNeeded: $0 * 7919 % 6000 - 3000) }
        var output = [Int16](repeating: 0, count: resampler.maximumOutput(for: input.count))
        return Stopwatch.median(of: 9) {
            let frames = 50_000
            let start = Stopwatch.cpu
            input.withUnsafeBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    for _ in 0..<frames { _ = resampler.process(input, into: output) }
                }
            }
            return (Stopwatch.cpu - start) / Double(frames) * 50 / 1000
        }
    }
}
