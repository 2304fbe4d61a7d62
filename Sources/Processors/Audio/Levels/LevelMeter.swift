// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSignal
import Glibc
public import PipelineKit

/// Reports the level of the audio that passes, once for each interval of it.
///
/// The figures are `level_dbfs` (RMS; a full-scale square wave is 0) and `peak_dbfs`, -120 for digital silence. An
/// interval is measured in samples; what is left at the end is reported too.
public struct LevelMeter: Processor {
    public static let name = "level_meter"
    public static let summary = "Reports the level of the audio that passes."

    public struct Parameters: ProcessorParameters {
        public var interval = Duration.seconds(1)
        public var prefix = ""

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("interval", \.interval, in: .milliseconds(20) ... .seconds(60), "Audio that one report covers."),
            .optional("prefix", \.prefix, "Precedes the names of the figures, to tell several meters apart.")
        )
    }

    private let parameters: Parameters
    private var energy = 0.0
    private var peak = 0
    private var count = 0
    private var heard = Duration.zero

    public init(_ parameters: Parameters) { self.parameters = parameters }

    public static func pads(_ parameters: Parameters) -> Pads { Pads(reads: [.audio(.linear)]) }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if let audio = frame.audio, audio.format.encoding == .linear16 { measure(audio, &context) }
        context.emit(frame)
    }

    public mutating func finish(_ context: inout ProcessorContext) { report(&context) }

    private mutating func measure(_ audio: Audio, _ context: inout ProcessorContext) {
        audio.withSamples { samples in
            guard let base = samples.baseAddress else { return }
            energy += Double(csignal_energy(base, samples.count))
            peak = max(peak, Int(csignal_peak(base, samples.count)))
            count += samples.count
        }
        heard += audio.duration
        if heard >= parameters.interval { report(&context) }
    }

    private mutating func report(_ context: inout ProcessorContext) {
        guard count > 0 else { return }
        let level = Self.decibels((energy / Double(count)).squareRoot())
        context.report(.metric(name: parameters.prefix + "level_dbfs", value: level))
        context.report(.metric(name: parameters.prefix + "peak_dbfs", value: Self.decibels(Double(peak))))
        (energy, peak, count, heard) = (0, 0, 0, .zero)
    }

    private static func decibels(_ amplitude: Double) -> Double {
        amplitude > 0 ? 20 * log10(amplitude / 32_768) : -120
    }
}
