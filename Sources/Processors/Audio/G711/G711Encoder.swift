// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Compresses linear audio to G.711, one byte a sample.
public struct G711Encoder: Processor {
    public static let name = "g711_encoder"
    public static let summary = "Compresses linear audio to G.711, the code of the telephone."

    public struct Parameters: ProcessorParameters {
        public var law = CompandingLaw.mulaw

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(.optional("law", \.law, "Which of the two codes is written."))
    }

    /// A code of G.711.
    public enum CompandingLaw: String, ParameterChoice {
        /// ITU-T G.711 µ-law.
        case mulaw
        /// ITU-T G.711 A-law.
        case alaw

        public var summary: String { encoding.summary }

        var encoding: AudioFormat.Encoding { self == .mulaw ? .mulaw : .alaw }
    }

    private var stream: ConversionStream

    public init(_ parameters: Parameters) {
        stream = ConversionStream(ConversionTarget(encoding: parameters.law.encoding))
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        let format = AudioFormat(rateHz: 8_000, encoding: parameters.law.encoding)
        return Pads(consumes: [.audio(.exactly(.telephone))], produces: [.audio(format)])
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
