// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Passes audio while it is loud and drops it while it is quiet.
///
/// The gate opens on the first frame whose RMS level reaches `threshold_dbfs` and stays open for `hangover` after the
/// end of the last such frame. What is dropped is counted as `quiet`. Frames other than audio pass unchanged.
public struct EnergyGate: Processor {
    public static let name = "energy_gate"
    public static let summary = "Passes audio while its level is above a threshold."

    public struct Parameters: ProcessorParameters {
        public var threshold = -45.0
        public var hangover = Duration.milliseconds(200)

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional(
                "threshold_dbfs", \.threshold, in: -90...0, "RMS level of a frame at or above which the gate opens."),
            .optional(
                "hangover", \.hangover, in: .zero ... .seconds(2), "Time the gate stays open after the last loud frame."
            )
        )
    }

    private let parameters: Parameters
    private var openUntil: MediaTime?

    public init(_ parameters: Parameters) { self.parameters = parameters }

    public static func pads(_ parameters: Parameters) -> Pads { Pads(reads: [.audio(.linear)]) }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let audio = frame.audio, audio.format.encoding == .linear16 else { return context.emit(frame) }
        if audio.rmsLevel() >= parameters.threshold { openUntil = frame.endTime + parameters.hangover }
        guard let openUntil, frame.mediaTime < openUntil else { return context.drop("quiet") }
        context.emit(frame)
    }
}
