// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension SessionCore {
    /// The session's time, read from the clock itself.
    ///
    /// `now` stands still during a batch of the loop's work, which is what a turn's own share consists of.
    var exactNow: MediaTime { now + (loop.exactNow - loop.now) }

    /// Notes the moments of a turn that show in what services take, whoever wrote them.
    func noteTaken(_ frame: Frame) {
        guard frame.header.isReply else { return }
        if let request = frame[ModelRequest.self] {
            timeline.mark(.modelAsked, at: exactNow)
            beginPlannedReply(to: request.turn)
        } else if frame[Sentence.self] != nil {
            timeline.mark(.synthesisAsked, at: exactNow)
        }
    }

    /// A turn that is asked about again, with the results of tools, goes on with its reply.
    private func beginPlannedReply(to turn: TurnID) {
        if plannedTurn != turn {
            plannedReply = ""
        } else if let last = plannedReply.last, !last.isWhitespace {
            plannedReply += " "
        }
        plannedTurn = turn
    }

    /// The reply's first sample is heard at `time`; the breakdown of its turn is reported once.
    func replyHeard(at time: MediaTime) {
        guard timeline[.heard] == nil else { return }
        let sent = exactNow
        timeline.mark(.sent, at: sent)
        timeline.mark(.heard, at: max(time, sent))
        if timeline.turn.value > 0, let record = timeline.record() { report(.turn(record)) }
    }

    /// Notes the moments of a turn that show in what services emit first; what they pass on has been noted.
    func noteEmitted(_ frame: Frame) {
        guard frame.header.isReply else { return }
        if let piece = frame[ModelText.self] {
            timeline.mark(.modelAnswered, at: exactNow)
            plannedReply += piece.text
        } else if frame.header.flags.contains(.droppable) {
            timeline.mark(.synthesisAnswered, at: exactNow)
        }
    }
}
