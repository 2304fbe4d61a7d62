// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Adds the audio of its inputs up, by media time.
///
/// Audio leaves in frames of 20 ms as soon as every input that still sends has come so far; one that stays silent is
/// waited for at most `wait`. What comes later than that is dropped and counted. Sums that exceed full scale are
/// clipped to it. Frames other than audio pass, whatever their input.
public struct Mixer: Processor {
    public static let name = "mixer"
    public static let summary = "Adds the audio of several inputs up, by media time."

    public struct Parameters: ProcessorParameters {
        public var inputs = 2
        public var rateHz = 16_000
        public var wait = Duration.milliseconds(60)

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("inputs", \.inputs, in: 1...16, "Inputs that are expected, as many as 'after:' names."),
            .optional("rate_hz", \.rateHz, in: 8_000...48_000, "Rate of all inputs and of the sum."),
            .optional("wait", \.wait, in: .zero ... .seconds(1), "Audio that is held back for an input that lags.")
        )
    }

    private let format: AudioFormat
    private var sum: MixTimeline

    public init(_ parameters: Parameters) {
        format = AudioFormat(rateHz: parameters.rateHz)
        sum = MixTimeline(
            inputs: parameters.inputs, block: Duration.milliseconds(20).sampleCount(rate: parameters.rateHz),
            wait: parameters.wait.sampleCount(rate: parameters.rateHz))
    }

    public static func pads(_ parameters: Parameters) -> Pads {
        let format = AudioFormat(rateHz: parameters.rateHz)
        return Pads(consumes: [.audio(.exactly(format))], produces: [.audio(format)])
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let audio = frame.audio else { return context.emit(frame) }
        guard audio.format == format else { return context.drop("format") }
        let position = (frame.mediaTime - .zero).sampleCount(rate: format.rateHz)
        if sum.needsRestart(at: position) { give(all: true, &context) }
        let isWhole = audio.withSamples { sum.add($0, at: position, input: context.input, header: frame.header) }
        if !isWhole { context.drop("late") }
        give(all: false, &context)
    }

    public mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
        sum.forget { context.isStale($0) }
    }

    public mutating func finish(_ context: inout ProcessorContext) { give(all: true, &context) }

    private mutating func give(all: Bool, _ context: inout ProcessorContext) {
        while let block = sum.take(all: all) {
            let time = MediaTime.zero + .samples(block.position, rate: format.rateHz)
            context.emit(Frame(audio: Audio(format: format, samples: block.samples), at: time), causedBy: block.header)
        }
    }
}
