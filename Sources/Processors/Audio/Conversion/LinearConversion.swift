// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Turns linear samples of one rate and channel count into another.
///
/// Two channels become one as their mean, before resampling; one becomes two equal ones, after it. The split of a stream
/// into blocks does not change its output. Nothing is allocated once the longest block has been seen.
final class LinearConversion {
    private final class Channel {
        private let resampler: StreamingResampler
        private var input = SampleBuffer()
        private var output = SampleBuffer()

        init(_ resampler: StreamingResampler) { self.resampler = resampler }

        func room(for count: Int) -> UnsafeMutableBufferPointer<Int16> { input.room(for: count) }

        func process(_ samples: UnsafeBufferPointer<Int16>) -> UnsafeBufferPointer<Int16> {
            let target = output.room(for: resampler.maximumOutput(for: samples.count))
            return UnsafeBufferPointer(rebasing: target[..<resampler.process(samples, into: target)])
        }

        func flush() -> UnsafeBufferPointer<Int16> {
            let target = output.room(for: resampler.maximumFlush)
            return UnsafeBufferPointer(rebasing: target[..<resampler.flush(into: target)])
        }

        func reset() { resampler.reset() }
    }

    private let sourceChannels: Int
    private let targetChannels: Int
    private let channels: [Channel]
    private var interleaved = SampleBuffer()

    /// A stream that has seen no sample; the encodings of the formats do not matter.
    ///
    /// - Throws: ``ResamplerError``.
    init(from source: AudioFormat, to target: AudioFormat, quality: ResamplerQuality) throws(ResamplerError) {
        sourceChannels = source.channels
        targetChannels = target.channels
        var channels: [Channel] = []
        for _ in 0..<min(sourceChannels, targetChannels) {
            channels.append(Channel(try StreamingResampler(from: source.rateHz, to: target.rateHz, quality: quality)))
        }
        self.channels = channels
    }

    /// Takes interleaved samples and calls `body` with those that are complete, interleaved too.
    func process<Result>(
        _ samples: UnsafeBufferPointer<Int16>, _ body: (UnsafeBufferPointer<Int16>) throws -> Result
    ) rethrows -> Result {
        let count = samples.count / sourceChannels
        switch (sourceChannels, targetChannels) {
        case (1, _):
            return try deliver(channels[0].process(samples), nil, body)
        case (_, 1):
            let mean = channels[0].room(for: count)
            for index in 0..<count { mean[index] = Int16((Int(samples[2 * index]) + Int(samples[2 * index + 1])) >> 1) }
            return try deliver(channels[0].process(UnsafeBufferPointer(mean)), nil, body)
        default:
            let (left, right) = (channels[0].room(for: count), channels[1].room(for: count))
            for index in 0..<count {
                left[index] = samples[2 * index]
                right[index] = samples[2 * index + 1]
            }
            return try deliver(
                channels[0].process(UnsafeBufferPointer(left)), channels[1].process(UnsafeBufferPointer(right)), body)
        }
    }

    /// Calls `body` with what is held, as if silence followed, and resets.
    func flush<Result>(_ body: (UnsafeBufferPointer<Int16>) throws -> Result) rethrows -> Result {
        try deliver(channels[0].flush(), channels.count == 2 ? channels[1].flush() : nil, body)
    }

    /// Forgets what is held.
    func reset() {
        for channel in channels { channel.reset() }
    }

    private func deliver<Result>(
        _ left: UnsafeBufferPointer<Int16>, _ right: UnsafeBufferPointer<Int16>?,
        _ body: (UnsafeBufferPointer<Int16>) throws -> Result
    ) rethrows -> Result {
        guard targetChannels == 2 else { return try body(left) }
        let right = right ?? left
        let target = interleaved.room(for: 2 * left.count)
        for index in left.indices {
            target[2 * index] = left[index]
            target[2 * index + 1] = right[index]
        }
        return try body(UnsafeBufferPointer(target))
    }
}

@available(*, unavailable)
extension LinearConversion: Sendable {}
