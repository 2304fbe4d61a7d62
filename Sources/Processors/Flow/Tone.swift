// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import PipelineKit

/// A source of a sine tone, in frames of 20 ms, as a microphone would give it.
///
/// Each frame comes when its last sample is due and bears the time of its first. Frames that come in pass.
public struct Tone: Processor {
    public static let name = "tone"
    public static let summary = "Makes a sine tone."

    public struct Parameters: ProcessorParameters {
        public var frequency = 440.0
        public var level = -20.0
        public var rateHz = 16_000
        public var duration: Duration?

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("frequency_hz", \.frequency, in: 20...20_000, "Frequency of the tone."),
            .optional("level_dbfs", \.level, in: -90...(-3), "RMS level of the tone."),
            .optional("rate_hz", \.rateHz, in: 8_000...48_000, "Sample rate of the tone."),
            .optional(
                "duration", \.duration, in: .zero ... .seconds(3600), "How long it lasts; until the end if left out.")
        )

        public func validate(into issues: inout ParameterIssues) {
            guard frequency > Double(rateHz) / 2 else { return }
            issues.error("frequency_hz", "\(frequency) Hz needs a rate_hz of twice that or more")
        }
    }

    private static let period = Duration.milliseconds(20)

    private let parameters: Parameters
    private let amplitude: Double
    private var beginning = MediaTime.zero
    private var made = 0

    public init(_ parameters: Parameters) {
        self.parameters = parameters
        amplitude = 32_768 * pow(10, parameters.level / 20) * 2.0.squareRoot()
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(produces: [.audio(AudioFormat(rateHz: parameters.rateHz))])
    }

    public mutating func start(_ context: inout ProcessorContext) {
        beginning = context.now
        context.wake(at: beginning + Self.period)
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        let offset = Duration.samples(made, rate: parameters.rateHz)
        let length = min(Self.period, (parameters.duration ?? .seconds(86_400)) - offset)
        guard length > .zero else { return }
        context.emit(next(length.sampleCount(rate: parameters.rateHz)), at: beginning + offset)
        context.wake(at: beginning + offset + Self.period + Self.period)
    }

    public mutating func finish(_ context: inout ProcessorContext) { context.cancelWake() }

    private mutating func next(_ count: Int) -> Audio {
        defer { made += count }
        return Audio(format: AudioFormat(rateHz: parameters.rateHz), sampleCount: count) { samples in
            for index in samples.indices {
                let phase = (Double(made + index) * parameters.frequency / Double(parameters.rateHz))
                    .truncatingRemainder(dividingBy: 1)
                samples[index] = Int16(clamping: Int((amplitude * sin(2 * .pi * phase)).rounded()))
            }
        }
    }
}
