// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Changes the sample rate of mono audio.
///
/// n samples that enter at one rate leave as n times the ratio, rounded up, once the end has come; none is shifted.
public struct Resampler: Processor {
    public static let name = "resampler"
    public static let summary = "Changes the sample rate of audio."

    public struct Parameters: ProcessorParameters {
        public var rateHz = 16_000
        public var quality = ResamplerQuality.medium

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("rate_hz", \.rateHz, in: 8_000...48_000, "Rate of the audio that leaves."),
            .optional("quality", \.quality, "How uncommon ratios of rates are resampled.")
        )
    }

    private var stream: ConversionStream

    public init(_ parameters: Parameters) {
        stream = ConversionStream(
            ConversionTarget(rateHz: parameters.rateHz), AudioConversion.Settings(quality: parameters.quality))
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            consumes: [.audio(AudioConstraint(channels: [1]))],
            produces: [.audio(AudioFormat(rateHz: parameters.rateHz))])
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
