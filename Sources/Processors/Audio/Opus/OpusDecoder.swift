// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Decodes Opus packets to linear audio, and makes up for lost ones.
///
/// A gap in media time is a loss: its last packet is restored from the copy in the packet after it where there is one,
/// the rest is made up from what was heard before. A packet that is not Opus is dropped, counted, and made up for.
public struct OpusDecoder: Processor {
    public static let name = "opus_decoder"
    public static let summary = "Decodes Opus packets to linear audio and makes up for lost ones."

    public struct Parameters: ProcessorParameters {
        public var rateHz = 48_000
        public var channels = 1
        public var longestLoss = Duration.milliseconds(500)

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("rate_hz", \.rateHz, in: 8_000...48_000, "Rate of the audio that leaves."),
            .optional("channels", \.channels, in: 1...2, "Channels of the audio that leaves."),
            .optional(
                "longest_loss", \.longestLoss, in: .zero ... .seconds(5),
                "Gap up to which lost packets are made up for; a longer one stays a gap.")
        )
    }

    private var stream: ConversionStream

    public init(_ parameters: Parameters) {
        stream = ConversionStream(
            ConversionTarget(rateHz: parameters.rateHz, channels: parameters.channels, encoding: .linear16),
            longestLoss: parameters.longestLoss)
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        let format = AudioFormat(rateHz: parameters.rateHz, channels: parameters.channels)
        return Pads(consumes: [.audio(AudioConstraint(encodings: [.opus]))], produces: [.audio(format)])
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
