// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Brings branches together: every frame of every input passes, each one once.
///
/// A frame that passed two branches unchanged comes by two inputs; the second one is dropped and counted as
/// `duplicate`. It is recognised among the last 256 frames.
public struct Join: Processor {
    public static let name = "join"
    public static let summary = "Brings branches together; a frame that comes by several of them passes once."

    private static let memory = 256

    private var recent: [FrameID] = []
    private var known: Set<FrameID> = []
    private var oldest = 0

    public init(_ parameters: NoParameters) {}

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard known.insert(frame.header.id).inserted else { return context.drop("duplicate") }
        remember(frame.header.id)
        context.emit(frame)
    }

    private mutating func remember(_ id: FrameID) {
        guard recent.count == Self.memory else { return recent.append(id) }
        known.remove(recent[oldest])
        recent[oldest] = id
        oldest = (oldest + 1) % Self.memory
    }
}
