// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// How audio is written: samples per second, interleaved channels, and what a sample looks like in memory.
public struct AudioFormat: Hashable, Sendable {
    /// The form of the samples.
    public enum Encoding: String, Sendable, CaseIterable {
        /// Signed 16-bit linear samples in host byte order.
        case linear16 = "linear16"
        /// ITU-T G.711 µ-law, one byte a sample.
        case mulaw = "mulaw"
        /// ITU-T G.711 A-law, one byte a sample.
        case alaw = "alaw"
        /// One Opus packet (RFC 6716) per frame.
        case opus = "opus"
    }

    /// Samples per second of one channel.
    public let rateHz: Int
    /// Interleaved channels, 1 or 2.
    public let channels: Int
    /// The form of the samples.
    public let encoding: Encoding

    /// Creates a format.
    ///
    /// - Precondition: `rateHz` is in 1...192000 and `channels` in 1...2.
    public init(rateHz: Int, channels: Int = 1, encoding: Encoding = .linear16) {
        precondition((1...192_000).contains(rateHz), "rateHz is \(rateHz); it must be in 1...192000")
        precondition((1...2).contains(channels), "channels is \(channels); it must be 1 or 2")
        self.rateHz = rateHz
        self.channels = channels
        self.encoding = encoding
    }

    /// Mono linear audio at 8 kHz: the telephone's band.
    public static let telephone = AudioFormat(rateHz: 8000)
    /// Mono linear audio at 16 kHz: what recognisers and voice activity models take.
    public static let wideband = AudioFormat(rateHz: 16000)

    /// Bytes of one sample of all channels; 1 for a packet encoding, whose frames have any number of bytes.
    public var bytesPerSample: Int { encoding == .linear16 ? 2 * channels : channels }
}

extension AudioFormat: CustomStringConvertible {
    /// Such as `linear16 16000 Hz mono`.
    public var description: String { "\(encoding.rawValue) \(rateHz) Hz \(channels == 1 ? "mono" : "stereo")" }
}

extension AudioFormat.Encoding: ParameterChoice {
    public var summary: String {
        switch self {
        case .linear16: "linear samples of 16 bits; what every processor understands"
        case .mulaw: "G.711 µ-law, 8 bits a sample; the telephone of North America and Japan"
        case .alaw: "G.711 A-law, 8 bits a sample; the telephone of Europe"
        case .opus: "Opus packets; good speech at 16 to 24 kbit/s over the internet"
        }
    }
}
