// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Everything that reached a place in a pipeline, in order.
///
/// `@unchecked Sendable`: written on the session's loop, read by the test that drives it; with a virtual loop these are
/// the same thread.
public final class FrameLog: @unchecked Sendable {
    /// The frames, oldest first.
    public private(set) var frames: [Frame] = []

    /// Creates an empty log.
    public init() {}

    /// Adds a frame.
    public func append(_ frame: Frame) { frames.append(frame) }

    /// Takes everything out.
    public func take() -> [Frame] {
        defer { frames = [] }
        return frames
    }
}

/// Writes every frame to a log and passes it on.
public struct Tap: Processor {
    public static let name = "tap"
    public static let summary = "Writes every frame to a log."

    private let log: FrameLog?

    /// Creates a tap that writes nowhere.
    public init(_ parameters: NoParameters) { log = nil }

    /// Creates a tap.
    public init(_ log: FrameLog) { self.log = log }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        log?.append(frame)
        context.emit(frame)
    }
}
