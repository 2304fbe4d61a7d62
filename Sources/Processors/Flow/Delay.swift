// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Passes frames on after a fixed time, in order and with the media time that they have.
///
/// Urgent frames pass at once. An interruption removes what waits of the reply that it ends; at the end of the input
/// the rest passes at once. At most 1024 frames wait: one more, and the oldest passes early.
public struct Delay: Processor {
    public static let name = "delay"
    public static let summary = "Passes frames on after a fixed time."

    public struct Parameters: ProcessorParameters {
        public var duration = Duration.milliseconds(200)

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("duration", \.duration, in: .zero ... .seconds(10), "Time that every frame waits.")
        )
    }

    private var line: DelayLine

    public init(_ parameters: Parameters) { line = DelayLine(parameters.duration) }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if frame.header.isUrgent { return context.emit(frame) }
        let wasEmpty = line.isEmpty
        if let early = line.append(frame, now: context.now) { context.emit(early) }
        if wasEmpty { passDue(&context) }
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) { passDue(&context) }

    public mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
        line.removeAll { context.isStale($0) }
    }

    public mutating func finish(_ context: inout ProcessorContext) {
        for frame in line.popAll() { context.emit(frame) }
    }

    public var isIdle: Bool { line.isEmpty }

    private mutating func passDue(_ context: inout ProcessorContext) {
        for frame in line.popDue(by: context.now) { context.emit(frame) }
        if let deadline = line.deadline { context.wake(at: deadline) }
    }
}
