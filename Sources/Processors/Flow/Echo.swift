// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Sends the caller's audio back to the caller.
///
/// Put between `caller` and `speaker` it is the shortest pipeline that can be heard, and tells whether sound comes and
/// goes. The audio is stamped with the time at which it is sent back. Frames other than audio pass.
public struct Echo: Processor {
    public static let name = "echo"
    public static let summary = "Sends the caller's audio back to the caller."

    public struct Parameters: ProcessorParameters {
        public var delay = Duration.zero

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("delay", \.delay, in: .zero ... .seconds(10), "Time after which the caller hears it.")
        )
    }

    private var line: DelayLine

    public init(_ parameters: Parameters) { line = DelayLine(parameters.delay) }

    public static func pads(_ parameters: Parameters) -> Pads { Pads(reads: [.audio(.any)]) }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard frame.audio != nil else { return context.emit(frame) }
        let wasEmpty = line.isEmpty
        if let early = line.append(frame, now: context.now) { send(early, &context) }
        if wasEmpty { sendDue(&context) }
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) { sendDue(&context) }

    public mutating func finish(_ context: inout ProcessorContext) {
        for frame in line.popAll() { send(frame, &context) }
    }

    public var isIdle: Bool { line.isEmpty }

    private mutating func sendDue(_ context: inout ProcessorContext) {
        for frame in line.popDue(by: context.now) { send(frame, &context) }
        if let deadline = line.deadline { context.wake(at: deadline) }
    }

    private func send(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame.moved(to: context.now)) }
}
