// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import COpus
import COpusSystem

/// Encodes one stream of audio to Opus packets.
///
/// Confined to one thread at a time; nothing is allocated after `init`.
///
/// - SeeAlso: RFC 6716; RFC 7587 for the settings' meaning on the network.
package final class OpusPacketEncoder {
    /// What the encoder is tuned for.
    package enum Application: String, CaseIterable, Sendable {
        /// Favours that speech is understood.
        case voip
        /// Favours fidelity to the input, music included.
        case audio
        /// Saves 4 ms of delay and forgoes the speech modes; without error correction.
        case lowDelay = "low_delay"
    }

    /// The settings of a stream; the defaults suit a conversation over the internet.
    package struct Settings: Equatable, Sendable {
        /// What the encoder is tuned for.
        package var application = Application.voip
        /// Target rate in bits per second, 500...512 000.
        package var bitrate = 24_000
        /// Effort, 0...10; 10 takes about three times the processor time of 0.
        package var complexity = 5
        /// Whether each packet carries a coarse copy of the frame before, in case that one was lost.
        package var hasErrorCorrection = true
        /// The share of packets that error correction provides for, 0...1; it costs bits of the target rate.
        package var expectedLoss = 0.1
        /// Whether silence is left out: most packets of silence then have 1 or 2 bytes and need not be sent.
        package var isDiscontinuous = false

        /// The defaults.
        package init() {}
    }

    /// The most bytes that a packet of one frame can have.
    package static let maximumPacketSize = 1_275

    /// The format of the input.
    package let format: OpusFormat
    private let library: OpaquePointer

    /// A stream that has heard nothing.
    ///
    /// - Throws: `OpusError.invalidSetting` when a setting is outside its range, `OpusError.library` when
    ///   libopus cannot make its state.
    package init(_ format: OpusFormat, _ settings: Settings = Settings()) throws(OpusError) {
        try settings.validate()
        var code: Int32 = 0
        let library = opus_encoder_create(
            Int32(format.rate), Int32(format.channels), settings.application.number, &code)
        guard let library else { throw OpusError(code: code) }
        self.format = format
        self.library = library
        try OpusError.check(copus_set_bitrate(library, Int32(settings.bitrate)))
        try OpusError.check(copus_set_complexity(library, Int32(settings.complexity)))
        try OpusError.check(copus_set_inband_fec(library, settings.hasErrorCorrection ? 1 : 0))
        try OpusError.check(copus_set_packet_loss(library, Int32((settings.expectedLoss * 100).rounded())))
        try OpusError.check(copus_set_dtx(library, settings.isDiscontinuous ? 1 : 0))
    }

    deinit {
        opus_encoder_destroy(library)
    }

    /// Encodes one frame of interleaved samples and answers the packet's size in bytes.
    ///
    /// `maximumPacketSize` bytes of room are always enough; less room limits the packet's rate.
    ///
    /// - Throws: `OpusError.invalidFrameLength` when the samples are no frame of 2.5 to 60 ms,
    ///   `OpusError.bufferTooSmall` when `packet` is, `OpusError.library` for what else libopus reports.
    package func encode(
        _ samples: UnsafeBufferPointer<Int16>, into packet: UnsafeMutableBufferPointer<UInt8>
    ) throws(OpusError) -> Int {
        let sampleCount = samples.count / format.channels
        let isFrame = [1, 2, 4, 8, 16, 24].contains { $0 * format.rate == sampleCount * 400 }
        guard isFrame, samples.count % format.channels == 0, let source = samples.baseAddress else {
            throw .invalidFrameLength(sampleCount: samples.count)
        }
        let room = Int32(clamping: packet.count)
        guard room > 0, let target = packet.baseAddress else { throw .bufferTooSmall }
        let size = opus_encode(library, source, Int32(sampleCount), target, room)
        try OpusError.check(size)
        return Int(size)
    }

    /// Encodes one frame and answers the packet as an array; for tests and tools.
    package func encode(_ samples: [Int16]) throws(OpusError) -> [UInt8] {
        var packet = [UInt8](repeating: 0, count: Self.maximumPacketSize)
        let outcome = packet.withUnsafeMutableBufferPointer { packet in
            samples.withUnsafeBufferPointer { samples in
                Result { () throws(OpusError) in try encode(samples, into: packet) }
            }
        }
        return Array(packet.prefix(try outcome.get()))
    }

    /// Forgets what was heard; the next frame is the first of a new stream.
    package func reset() throws(OpusError) {
        try OpusError.check(copus_reset_encoder(library))
    }
}

@available(*, unavailable)
extension OpusPacketEncoder: Sendable {}

extension OpusPacketEncoder.Application {
    /// The application's number in libopus.
    fileprivate var number: Int32 {
        switch self {
        case .voip: OPUS_APPLICATION_VOIP
        case .audio: OPUS_APPLICATION_AUDIO
        case .lowDelay: OPUS_APPLICATION_RESTRICTED_LOWDELAY
        }
    }
}

extension OpusPacketEncoder.Settings {
    /// Throws `OpusError.invalidSetting` for the first setting outside its range.
    fileprivate func validate() throws(OpusError) {
        guard (500...512_000).contains(bitrate) else { throw .invalidSetting("a bitrate of \(bitrate)") }
        guard (0...10).contains(complexity) else { throw .invalidSetting("a complexity of \(complexity)") }
        guard (0...1).contains(expectedLoss) else { throw .invalidSetting("an expected loss of \(expectedLoss)") }
    }
}
