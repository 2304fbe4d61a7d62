// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A sample rate and a number of channels that Opus can work with.
package struct OpusFormat: Equatable, Sendable {
    /// The rates that Opus has, in Hz.
    package static let rates = [8_000, 12_000, 16_000, 24_000, 48_000]

    /// Samples per second and channel: 8, 12, 16, 24 or 48 kHz.
    package let rate: Int
    /// 1 or 2; samples of two channels are interleaved.
    package let channels: Int

    /// A checked format.
    ///
    /// - Throws: `OpusError.unsupportedFormat` when Opus has no such format.
    package init(rate: Int, channels: Int = 1) throws(OpusError) {
        guard Self.rates.contains(rate), (1...2).contains(channels) else {
            throw .unsupportedFormat(rate: rate, channels: channels)
        }
        self.rate = rate
        self.channels = channels
    }

    /// Samples per channel of the longest packet, 120 ms.
    package var maximumSampleCount: Int {
        rate * 120 / 1000
    }
}
