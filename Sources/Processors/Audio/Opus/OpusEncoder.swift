// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Encodes linear audio to Opus packets.
///
/// - SeeAlso: RFC 6716; RFC 7587 for the settings' meaning on the network.
public struct OpusEncoder: Processor {
    public static let name = "opus_encoder"
    public static let summary = "Encodes linear audio to Opus packets."

    public struct Parameters: ProcessorParameters {
        public var rateHz = 48_000
        public var channels = 1
        public var bitrate = 24_000
        public var packet = Duration.milliseconds(20)
        public var hasErrorCorrection = true
        public var expectedLoss = 0.1
        public var isDiscontinuous = false
        public var complexity = 5

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("rate_hz", \.rateHz, in: 8_000...48_000, "Rate of the audio: 8, 12, 16, 24 or 48 kHz."),
            .optional("channels", \.channels, in: 1...2, "Channels of the audio."),
            .optional("bitrate_bps", \.bitrate, in: 6_000...510_000, "Bits per second to aim at."),
            .optional("packet", \.packet, in: .microseconds(2_500) ... .milliseconds(60), "What a packet lasts."),
            .optional(
                "error_correction", \.hasErrorCorrection,
                "Whether each packet carries a coarse copy of the one before it."),
            .optional("loss_ratio", \.expectedLoss, in: 0...1, "Share of lost packets to provide for."),
            .optional("discontinuous", \.isDiscontinuous, "Whether packets of silence are left out."),
            .optional("complexity", \.complexity, in: 0...10, "Effort; 10 takes three times the time of 0.")
        )

        public func validate(into issues: inout ParameterIssues) {
            if !OpusFormat.rates.contains(rateHz) {
                issues.error("rate_hz", "Opus has no \(rateHz) Hz; use 8000, 12000, 16000, 24000 or 48000")
            }
            if ![2.5, 5, 10, 20, 40, 60].contains(packet.milliseconds) {
                issues.error("packet", "a packet lasts 2.5, 5, 10, 20, 40 or 60 ms, not \(packet)")
            }
        }

        var format: AudioFormat { AudioFormat(rateHz: rateHz, channels: channels, encoding: .opus) }

        var packetizer: OpusPacketizer.Settings {
            var settings = OpusPacketizer.Settings(duration: packet)
            settings.encoder.bitrate = bitrate
            settings.encoder.complexity = complexity
            settings.encoder.hasErrorCorrection = hasErrorCorrection
            settings.encoder.expectedLoss = expectedLoss
            settings.encoder.isDiscontinuous = isDiscontinuous
            return settings
        }
    }

    private var stream: ConversionStream

    public init(_ parameters: Parameters) {
        stream = ConversionStream(
            ConversionTarget(rateHz: parameters.rateHz, channels: parameters.channels, encoding: .opus),
            AudioConversion.Settings(opus: parameters.packetizer))
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        let constraint = AudioConstraint(ratesHz: [parameters.rateHz], channels: [parameters.channels])
        return Pads(consumes: [.audio(constraint)], produces: [.audio(parameters.format)])
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) throws {
        try stream.process(frame, &context)
    }

    public mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
        stream.interrupted(&context)
    }

    public mutating func finish(_ context: inout ProcessorContext) throws {
        try stream.flush(&context)
    }
}
