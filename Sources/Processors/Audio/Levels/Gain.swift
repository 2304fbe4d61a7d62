// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal
import Glibc
public import PipelineKit

/// Makes audio louder or quieter by a fixed gain; what exceeds full scale is clipped to it.
public struct Gain: Processor {
    public static let name = "gain"
    public static let summary = "Makes audio louder or quieter by a fixed gain."

    public struct Parameters: ProcessorParameters {
        public var gain = 0.0

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("gain_db", \.gain, in: -60...60, "Gain of every sample; 6 doubles the amplitude.")
        )
    }

    private let factor: Float

    public init(_ parameters: Parameters) {
        factor = Float(pow(10, parameters.gain / 20))
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(consumes: [.audio(.linear)], produces: [.audioAsItCame])
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard factor != 1, let audio = frame.audio, audio.format.encoding == .linear16 else {
            return context.emit(frame)
        }
        let louder = Audio(format: audio.format, sampleCount: audio.sampleCount) { samples in
            audio.withSamples { _ = samples.update(fromContentsOf: $0.prefix(samples.count)) }
            guard let base = samples.baseAddress else { return }
            csignal_gain(base, samples.count, factor)
        }
        context.emit(louder, at: frame.mediaTime)
    }
}
