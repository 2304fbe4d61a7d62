// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Hears the keys that the caller presses in the sound of the line, where the network does not tell them.
///
/// A key is told once, 40 ms after its tone has begun, however long that is held; the sound passes unchanged. Speech is
/// not taken for keys: what sounds has to be the two tones and little else. Do not use it where the transport tells the
/// keys: each would come twice.
///
/// - SeeAlso: ITU-T Q.24 (what a receiver has to take, and to leave).
public struct DTMFDetector: Processor {
    public static let name = "dtmf_detector"
    public static let summary = "Hears the tones of the keys that the caller presses."

    public struct Parameters: ProcessorParameters {
        public var threshold = -36.0

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional(
                "threshold_dbfs", \.threshold, in: -60...(-12),
                "RMS level below which a tone is none; each of a key's two tones must reach it."))
    }

    private let parameters: Parameters
    private var decoder: DTMFDecoder?
    private var rateHz = 0
    private var end = MediaTime.zero

    public init(_ parameters: Parameters) { self.parameters = parameters }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            reads: [.audio(AudioConstraint(ratesHz: nil, channels: [1]))], produces: [.frames(DTMF.self)])
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        context.emit(frame)
        guard let audio = frame.audio, audio.format.encoding == .linear16 else { return }
        if audio.format.rateHz != rateHz {
            rateHz = audio.format.rateHz
            decoder = DTMFDecoder(rateHz: rateHz, threshold: parameters.threshold)
        } else if frame.mediaTime - end > .milliseconds(10) {
            // What lies on both sides of a gap is not one tone.
            decoder?.reset()
        }
        end = frame.mediaTime + audio.duration
        let keys = audio.withSamples { decoder?.hear($0) ?? [] }
        for key in keys.compactMap(DTMF.init) { context.emit(Frame(key, at: end)) }
    }
}
