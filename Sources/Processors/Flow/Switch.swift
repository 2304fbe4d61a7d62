// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Lets one of several branches through, where they come together.
///
/// Inputs are numbered from 1 in the order of `after:`. Frames of the selected one pass, those of the others are
/// dropped and counted as `not_selected`. A frame of a type that `on` names selects an input and passes; with `dtmf` so
/// does the key with an input's number, whatever branch they come by.
///
///     - switch: { selected: 1, on: { transfer: 2 } }
///       after: [agent, music]
public struct Switch: Processor {
    public static let name = "switch"
    public static let summary = "Lets one of several branches through, where they come together."

    public struct Parameters: ProcessorParameters {
        public var selected = 1
        public var on: [String: Int] = [:]
        public var followsDTMF = false

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("selected", \.selected, in: 1...16, "Number of the input that passes at first."),
            .optional("on", \.on, in: 1...16, "Frame types that select an input, and its number."),
            .optional("dtmf", \.followsDTMF, "Whether the key with an input's number selects it.")
        )
    }

    private let parameters: Parameters
    private var selected: Int

    public init(_ parameters: Parameters) {
        self.parameters = parameters
        selected = parameters.selected
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if let choice = choice(frame) {
            selected = choice
        } else if context.input + 1 != selected {
            return context.drop("not_selected")
        }
        context.emit(frame)
    }

    private func choice(_ frame: Frame) -> Int? {
        if parameters.followsDTMF, let key = frame[DTMF.self]?.digit.wholeNumberValue, (1...9).contains(key) {
            return key
        }
        // The name is looked up only where it can matter: media frames pass fast.
        return parameters.on.isEmpty ? nil : parameters.on[frame.frameType]
    }
}
