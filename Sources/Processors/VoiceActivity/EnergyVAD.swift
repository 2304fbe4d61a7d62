// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Finds the caller's speech by its level over the noise floor, and announces where it starts and stops.
///
/// Costs next to nothing and needs no model. Works from about 10 dB of speech over noise; takes music for speech. All
/// frames pass unchanged, each edge ahead of the audio that decided it.
public struct EnergyVAD: Processor {
    public static let name = "energy_vad"
    public static let summary =
        "Announces where the caller's speech starts and stops, judged by its level over the noise."

    public struct Parameters: ProcessorParameters {
        public var margin = 6.0
        public var minimumLevel = -55.0
        public var onset = Duration.milliseconds(100)
        public var hangover = Duration.milliseconds(400)

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("margin_db", \.margin, in: 3...30, "Level over the noise floor from which a window is speech."),
            .optional("minimum_level_dbfs", \.minimumLevel, in: -90...0, "RMS level below which nothing is speech."),
            .optional(
                "onset", \.onset, in: .zero ... .seconds(2), "Speech that must have been heard before it counts."),
            .optional("hangover", \.hangover, in: .zero ... .seconds(5), "Time without speech after which it is over.")
        )
    }

    private var stage: VoiceActivityStage<EnergyDetector>

    public init(_ parameters: Parameters) {
        var energy = EnergyDetector.Settings()
        energy.openingMargin = parameters.margin
        energy.closingMargin = parameters.margin / 2
        energy.minimumLevel = parameters.minimumLevel
        let settings = VoiceActivityMachine.Settings(
            energy, onset: parameters.onset, hangover: parameters.hangover)
        stage = VoiceActivityStage(EnergyDetector(energy), settings)
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            reads: [.audio(AudioConstraint(ratesHz: nil, channels: [1]))], produces: [.frames(VoiceActivity.self)])
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        stage.process(frame, &context)
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) { stage.wake(&context) }

    public mutating func finish(_ context: inout ProcessorContext) { stage.finish(&context) }
}

extension VoiceActivityMachine.Settings {
    /// The settings that follow an energy detector's probability as its own decision does.
    init(_ energy: EnergyDetector.Settings, onset: Duration, hangover: Duration) {
        threshold = EnergyDetector.probability(atMargin: energy.openingMargin, energy)
        negativeThreshold = EnergyDetector.probability(atMargin: energy.closingMargin, energy)
        self.onset = onset
        self.hangover = hangover
        minimumLevel = energy.minimumLevel
    }
}
