// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting

/// Lets a `Holding` processor go on.
struct Release: FramePayload {
    static let frameType = "test_release"
    static let lane = Lane.urgent
}

/// Takes nothing from its queue until released.
struct Holding: Processor {
    static let name = "holding"
    static let summary = "Takes nothing from its queue until released."

    private let log: FrameLog

    init(_ parameters: NoParameters) { log = FrameLog() }
    init(_ log: FrameLog) { self.log = log }

    mutating func start(_ context: inout ProcessorContext) { context.pauseInput() }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if frame[Release.self] != nil { return context.resumeInput() }
        log.append(frame)
    }
}
