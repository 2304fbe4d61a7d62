// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Marks the place where a pipeline branches, and counts what passes it.
///
/// Every entry that names the tee in its `after:` gets every frame. At the end the number of frames of each type is
/// reported as `frames_audio`, `frames_transcript` and so on.
public struct Tee: Processor {
    public static let name = "tee"
    public static let summary = "Marks the place where a pipeline branches, and counts what passes it."

    private var counts: [String: Int] = [:]

    public init(_ parameters: NoParameters) {}

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        counts[frame.frameType, default: 0] += 1
        context.emit(frame)
    }

    public mutating func finish(_ context: inout ProcessorContext) {
        for (type, count) in counts.sorted(by: { $0.key < $1.key }) {
            context.report(.metric(name: "frames_\(type)", value: Double(count)))
        }
        counts = [:]
    }
}
