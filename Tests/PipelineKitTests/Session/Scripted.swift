// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A processor whose behaviour is written in the test; what is not given passes frames on or does nothing.
struct Scripted: Processor {
    static let name = "scripted"
    static let summary = "Does what the test says."

    typealias Body = @Sendable (Frame, inout ProcessorContext) throws -> Void

    private let onFrame: Body?
    private let onUpstream: Body?
    private let onInterruption: (@Sendable (Interruption, inout ProcessorContext) -> Void)?
    private let onFinish: (@Sendable (inout ProcessorContext) -> Void)?
    private let onStop: (@Sendable () -> Void)?

    init(_ parameters: NoParameters) { self.init() }

    init(
        _ frame: Body? = nil, upstream: Body? = nil,
        interrupted: (@Sendable (Interruption, inout ProcessorContext) -> Void)? = nil,
        finish: (@Sendable (inout ProcessorContext) -> Void)? = nil, stop: (@Sendable () -> Void)? = nil
    ) {
        onFrame = frame
        onUpstream = upstream
        onInterruption = interrupted
        onFinish = finish
        onStop = stop
    }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) throws {
        guard let body = onFrame else { return context.emit(frame) }
        try body(frame, &context)
    }

    mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) throws {
        try onUpstream?(frame, &context)
    }

    mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
        onInterruption?(interruption, &context)
    }

    mutating func finish(_ context: inout ProcessorContext) { onFinish?(&context) }
    mutating func stop() { onStop?() }
}

/// Notes what happened, in order.
///
/// Touched on one thread.
final class Notes: @unchecked Sendable {
    private(set) var lines: [String] = []
    func add(_ line: String) { lines.append(line) }
}
