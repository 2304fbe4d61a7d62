// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Beginning and end of turns, and deadlines.
extension TurnMachine {
    /// Begins a turn; a reply that is owed or given is over.
    mutating func begin(_ utterance: Utterance, _ now: MediaTime, replacesUnconfirmed: Bool = false) {
        lastTurn = TurnID(lastTurn.value + 1)
        var turn = OpenTurn(id: lastTurn, utterance: utterance, begun: now)
        if let reply {
            actions.append(.interrupt)
            turn.isInterruption = true
            if !reply.isHeard, let committed, committed.id == reply.turn, !committed.text.isEmpty {
                turn.continued = replacesUnconfirmed ? committed.withoutUnconfirmed : committed
            }
        }
        reply = nil
        committed = nil
        phase = .open(turn)
        actions.append(.begin(turn.id))
        if !utterance.text.isEmpty { actions.append(.heard(turn.id, utterance.text, isFinal: false)) }
    }

    /// Does everything whose time has come.
    mutating func settle(_ now: MediaTime) {
        while step(now) {}
    }

    private mutating func step(_ now: MediaTime) -> Bool {
        switch phase {
        case .open(let turn):
            guard now >= closeTime(turn) else { return false }
            close(turn, now)
        case .tentative(let utterance):
            if isInterruption(utterance, now) {
                begin(utterance, now)
            } else if now >= resumeTime(utterance) {
                phase = .listening
                quietSince = now
                actions.append(.resume)
            } else {
                return false
            }
        case .listening:
            return stepListening(now)
        }
        return true
    }

    private mutating func stepListening(_ now: MediaTime) -> Bool {
        guard ending == nil, let time = listeningDeadline, now >= time else { return false }
        if reply != nil {
            reply = nil
            quietSince = now
        } else {
            nudge(now)
        }
        return true
    }

    /// When `.time` is wanted next; `nil` when only events matter.
    var deadline: MediaTime? {
        switch phase {
        case .open(let turn): closeTime(turn)
        case .tentative(let utterance): tentativeDeadline(utterance)
        case .listening: ending == nil ? listeningDeadline : nil
        }
    }

    private func closeTime(_ turn: OpenTurn) -> MediaTime {
        let limit = turn.begun + parameters.maxTurn
        guard let quiet = turn.utterance.quietSince, let endpointed = turn.utterance.endpointed else { return limit }
        let patience = endpointed + parameters.endSilence
        if turn.utterance.isSettled { return min(limit, patience) }
        // The wait for words counts from the true end of speech, not from the detector's decision.
        return min(limit, max(quiet + parameters.transcriptTimeout, patience))
    }

    private func resumeTime(_ utterance: Utterance) -> MediaTime {
        let limit = utterance.onset + parameters.maxTurn
        guard let quiet = utterance.quietSince, let endpointed = utterance.endpointed else { return limit }
        return min(limit, utterance.isSettled ? endpointed : max(endpointed, quiet + parameters.falseInterruption))
    }

    private func tentativeDeadline(_ utterance: Utterance) -> MediaTime {
        var times = [resumeTime(utterance)]
        if utterance.quietSince == nil {
            if parameters.minDuration > .zero { times.append(utterance.onset + parameters.minDuration) }
            // Enough words that have not interrupted are a back-channel as long as they are short.
            if hasEnoughWords(utterance) { times.append(utterance.onset + Self.longestBackChannel) }
        }
        return times.min() ?? .zero
    }

    private var listeningDeadline: MediaTime? {
        if let reply { return reply.isHeard ? nil : reply.since + parameters.replyTimeout }
        guard let timeout = parameters.silenceTimeout, !isVoiceActive, nudges <= parameters.nudges else { return nil }
        return quietSince + timeout
    }

    private mutating func nudge(_ now: MediaTime) {
        nudges += 1
        guard nudges <= parameters.nudges else { return actions.append(.endSession) }
        lastTurn = TurnID(lastTurn.value + 1)
        reply = PendingReply(turn: lastTurn, since: now)
        committed = nil
        actions.append(.end(TurnEnded(turn: lastTurn, text: "", reason: .silence), TurnMoments()))
    }

    private mutating func close(_ turn: OpenTurn, _ now: MediaTime) {
        let utterance = turn.utterance
        let text = SpokenText.join(turn.continued?.text ?? "", utterance.text)
        let ended = TurnEnded(
            turn: turn.id, text: text, reason: reason(turn, text, now), isInterruption: turn.isInterruption,
            supersedes: turn.continued?.id)
        let moments = utterance.hasVoice ? utterance.moments : turn.continued?.moments ?? utterance.moments
        phase = .listening
        quietSince = now
        if ended.reason != .sessionEnded {
            reply = PendingReply(turn: turn.id, since: now)
            committed = CommittedTurn(
                id: turn.id, text: text,
                confirmedText: SpokenText.join(turn.continued?.text ?? "", utterance.finalText),
                unconfirmed: SpokenText.normalized(utterance.interimText), moments: moments)
        }
        if !utterance.text.isEmpty { actions.append(.heard(turn.id, utterance.text, isFinal: true)) }
        actions.append(.end(ended, moments))
    }

    private func reason(_ turn: OpenTurn, _ text: String, _ now: MediaTime) -> TurnEnded.Reason {
        if ending == .closing { return .sessionEnded }
        if turn.utterance.quietSince == nil, now >= turn.begun + parameters.maxTurn { return .tooLong }
        guard text.isEmpty else { return .completed }
        return ending == nil ? .noWords : .sessionEnded
    }
}

extension Utterance {
    /// When what was decided, for the latency breakdown.
    var moments: TurnMoments {
        TurnMoments(
            speechEnded: hasVoice ? quietSince : nil, endpointed: hasVoice ? endpointed : nil, transcribed: transcribed)
    }
}

extension CommittedTurn {
    /// The turn without words that the recogniser has replaced.
    var withoutUnconfirmed: CommittedTurn {
        CommittedTurn(id: id, text: confirmedText, confirmedText: confirmedText, unconfirmed: "", moments: moments)
    }
}
