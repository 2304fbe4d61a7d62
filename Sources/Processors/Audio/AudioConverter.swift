// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Turns audio of any format into one format: decodes, mixes channels, resamples, encodes.
///
/// Stands in a pipeline where only rate, channels or encoding of a link differ. The format of the source is taken from the
/// frames and may change in mid-stream. Audio that has the format already passes untouched, as do all other frames.
public struct AudioConverter: Processor {
    public static let name = "audio_converter"
    public static let summary = "Turns audio of any format into one format."

    public struct Parameters: ProcessorParameters {
        public var rateHz = 16_000
        public var channels = 1
        public var encoding = AudioFormat.Encoding.linear16
        public var quality = ResamplerQuality.medium

        /// Creates parameters with the defaults.
        public init() {}

        /// Creates the parameters that lead to a format.
        public init(_ format: AudioFormat, quality: ResamplerQuality = .medium) {
            rateHz = format.rateHz
            channels = format.channels
            encoding = format.encoding
            self.quality = quality
        }

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("rate_hz", \.rateHz, in: 8_000...48_000, "Rate of the audio that leaves."),
            .optional("channels", \.channels, in: 1...2, "Channels of the audio that leaves."),
            .optional("encoding", \.encoding, "Form of the samples that leave."),
            .optional("quality", \.quality, "How uncommon ratios of rates are resampled.")
        )

        var format: AudioFormat { AudioFormat(rateHz: rateHz, channels: channels, encoding: encoding) }
    }

    private var stream: ConversionStream

    public init(_ parameters: Parameters) {
        let target = ConversionTarget(
            rateHz: parameters.rateHz, channels: parameters.channels, encoding: parameters.encoding)
        stream = ConversionStream(target, AudioConversion.Settings(quality: parameters.quality))
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(consumes: [.audio(.any)], produces: [.audio(parameters.format)])
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
