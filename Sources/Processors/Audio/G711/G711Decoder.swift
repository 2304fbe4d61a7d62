// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Expands G.711 audio of either law to linear samples.
public struct G711Decoder: Processor {
    public static let name = "g711_decoder"
    public static let summary = "Expands G.711 audio to linear samples."

    private var stream: ConversionStream

    public init(_ parameters: NoParameters) {
        stream = ConversionStream(ConversionTarget(encoding: .linear16))
    }

    public static func pads(_ parameters: NoParameters) -> Pads {
        let constraint = AudioConstraint(ratesHz: [8_000], channels: [1], encodings: [.mulaw, .alaw])
        return Pads(consumes: [.audio(constraint)], produces: [.audio(.telephone)])
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
