// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension SessionCore {
    /// Notes the moments of a turn that show in what services take, whoever wrote them.
    func noteTaken(_ frame: Frame) {
        guard frame.header.isReply else { return }
        if frame[ModelRequest.self] != nil {
            timeline.mark(.modelAsked, at: now)
            plannedReply = ""
        } else if frame[Sentence.self] != nil {
            timeline.mark(.synthesisAsked, at: now)
        }
    }

    /// The reply's first sample is heard at `time`; the breakdown of its turn is reported once.
    func replyHeard(at time: MediaTime) {
        guard timeline[.heard] == nil else { return }
        timeline.mark(.sent, at: now)
        timeline.mark(.heard, at: time)
        if timeline.turn.value > 0, let record = timeline.record() { report(.turn(record)) }
    }

    /// Notes the moments of a turn that show in what services emit.
    func noteEmitted(_ frame: Frame) {
        guard frame.header.isReply else { return }
        if let piece = frame[ModelText.self] {
            timeline.mark(.modelAnswered, at: now)
            plannedReply += piece.text
        } else if frame.header.flags.contains(.droppable) {
            timeline.mark(.synthesisAnswered, at: now)
        }
    }
}
