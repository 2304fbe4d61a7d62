// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What becomes of the agent's reply.
extension TurnMachine {
    mutating func replyAsked(_ turn: TurnID, _ now: MediaTime) {
        if case .open = phase { return }
        if reply?.turn != turn { reply = PendingReply(turn: turn, since: now) }
    }

    mutating func replyHeard(_ turn: TurnID, _ now: MediaTime) {
        // What still sounds while a turn is open cannot be interrupted.
        if case .open = phase { return }
        // A sound outside of replies says nothing about the one that is owed.
        if let reply, turn < reply.turn { return }
        reply = PendingReply(turn: turn, since: now, isHeard: true)
    }

    mutating func replyEnded(_ turn: TurnID, _ now: MediaTime) {
        guard let reply, reply.turn == turn else { return }
        quietSince = now
        replyCut(now)
    }

    /// There is no reply any more that could be interrupted: speech over it becomes a turn of its own.
    mutating func replyCut(_ now: MediaTime) {
        reply = nil
        guard case .tentative(let utterance) = phase else { return }
        actions.append(.resume)
        phase = .listening
        if isVoiceActive || !utterance.text.isEmpty { begin(utterance, now) }
    }
}
