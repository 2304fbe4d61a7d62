// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Finds the caller's speech with the Silero network, and announces where it starts and stops.
///
/// Tells speech from noise and music. Windows below the minimum level do not run the network, so that silence costs
/// nothing. Where the network's weights are missing the session says so once and listens with the energy detector. All
/// frames pass unchanged, each edge ahead of the audio that decided it.
public struct SileroVAD: Processor {
    public static let name = "silero_vad"
    public static let summary = "Announces where the caller's speech starts and stops, judged by the Silero network."

    public struct Parameters: ProcessorParameters {
        public var threshold = 0.5
        public var negativeThreshold = 0.35
        public var onset = Duration.milliseconds(96)
        public var hangover = Duration.milliseconds(400)
        public var minimumLevel = -60.0

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("threshold", \.threshold, in: 0.01...0.99, "Probability from which a window is speech."),
            .optional(
                "negative_threshold", \.negativeThreshold, in: 0.01...0.99,
                "Probability below which a window is not speech; between the two nothing changes."),
            .optional(
                "onset", \.onset, in: .zero ... .seconds(2), "Speech that must have been heard before it counts."),
            .optional("hangover", \.hangover, in: .zero ... .seconds(5), "Time without speech after which it is over."),
            .optional(
                "minimum_level_dbfs", \.minimumLevel, in: -120...0,
                "RMS level below which nothing is speech and the network rests.")
        )

        public func validate(into issues: inout ParameterIssues) {
            guard negativeThreshold > threshold else { return }
            issues.error(
                "negative_threshold",
                "\(negativeThreshold) is above the threshold of \(threshold); set it to that or less")
        }
    }

    private var stage: VoiceActivityStage<SileroDetector>
    private let missing: SileroError?

    public init(_ parameters: Parameters) {
        self.init(parameters) { () throws(SileroError) in try SileroModel.load() }
    }

    /// Creates a processor with the model that `load` gives, or the energy detector where it gives none.
    init(_ parameters: Parameters, load: () throws(SileroError) -> SileroModel) {
        var settings = VoiceActivityMachine.Settings(
            threshold: parameters.threshold, negativeThreshold: parameters.negativeThreshold, onset: parameters.onset,
            hangover: parameters.hangover, minimumLevel: parameters.minimumLevel)
        do throws(SileroError) {
            let network = SileroDetector.Network(try load(), restsBelow: parameters.minimumLevel)
            stage = VoiceActivityStage(SileroDetector(network), settings)
            missing = nil
        } catch {
            let energy = EnergyDetector.Settings()
            settings = VoiceActivityMachine.Settings(energy, onset: parameters.onset, hangover: parameters.hangover)
            stage = VoiceActivityStage(SileroDetector(EnergyDetector(energy)), settings)
            missing = error
        }
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(reads: [.audio(.exactly(.wideband))], produces: [.frames(VoiceActivity.self)])
    }

    public mutating func start(_ context: inout ProcessorContext) {
        guard let missing else { return }
        var error = PipelineError(.provider, "\(missing); listening by level instead")
        error.processor = Self.name
        context.report(.error(error))
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        stage.process(frame, &context)
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) { stage.wake(&context) }

    public mutating func finish(_ context: inout ProcessorContext) { stage.finish(&context) }
}
