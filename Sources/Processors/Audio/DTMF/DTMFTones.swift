// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import PipelineKit

/// Presses keys at the far end by sounding their tones, in their place among what the agent says.
///
/// For transports that cannot send keys in another way. A reply that is interrupted presses no more of its keys.
///
/// - SeeAlso: ITU-T Q.23 (the frequencies), Q.24 (how long a receiver needs: 40 ms of tone, 40 ms of silence).
public struct DTMFTones: Processor {
    public static let name = "dtmf_tones"
    public static let summary = "Sounds the tones of the keys that the agent presses."

    public struct Parameters: ProcessorParameters {
        public var tone = Duration.milliseconds(100)
        public var gap = Duration.milliseconds(80)
        public var level = -16.0
        public var rateHz = 8_000

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("tone", \.tone, in: .milliseconds(40) ... .seconds(1), "How long each key sounds."),
            .optional("gap", \.gap, in: .milliseconds(40) ... .seconds(1), "Silence after each key."),
            .optional("level_dbfs", \.level, in: -40...(-9), "RMS level of each of a key's two frequencies."),
            .optional("rate_hz", \.rateHz, in: 8_000...48_000, "Sample rate of the tones.")
        )
    }

    /// Keys of one request; what follows is left out.
    private static let mostKeys = 64

    private let parameters: Parameters

    public init(_ parameters: Parameters) { self.parameters = parameters }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            consumes: [.frames(KeysToPress.self, required: false)],
            produces: [.audio(AudioFormat(rateHz: parameters.rateHz))])
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let keys = frame[KeysToPress.self]?.keys else { return context.emit(frame) }
        if keys.count > Self.mostKeys { context.drop("too_many_keys") }
        for key in keys.prefix(Self.mostKeys) {
            guard let audio = audio(key) else {
                context.drop("no_key")
                continue
            }
            context.emit(audio, at: context.now)
        }
    }

    /// The sound of a key with the silence behind it; of `w` half a second of silence, of `W` a whole one.
    private func audio(_ key: Character) -> Audio? {
        let format = AudioFormat(rateHz: parameters.rateHz)
        switch key {
        case "w": return .silence(.milliseconds(500), format: format)
        case "W": return .silence(.seconds(1), format: format)
        default: break
        }
        return DTMFKeypad.frequencies(of: key).map { tone($0.low, $0.high, format) }
    }

    private func tone(_ low: Double, _ high: Double, _ format: AudioFormat) -> Audio {
        let length = parameters.tone.sampleCount(rate: format.rateHz)
        let count = length + parameters.gap.sampleCount(rate: format.rateHz)
        let amplitude = 32_768 * pow(10, parameters.level / 20) * 2.0.squareRoot()
        return Audio(format: format, sampleCount: count) { samples in
            for index in 0..<length {
                let time = 2 * Double.pi * Double(index) / Double(format.rateHz)
                samples[index] = Int16(clamping: Int((amplitude * (sin(time * low) + sin(time * high))).rounded()))
            }
        }
    }
}
