// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Voice and words.
extension TurnMachine {
    mutating func voice(_ activity: VoiceActivity, _ now: MediaTime) {
        noteCaller(now)
        switch activity.edge {
        case .speechStarted:
            isVoiceActive = true
            actions.append(.callerSpeaking(true))
            voiceStarted(at: activity.time, now)
        case .speechStopped:
            guard isVoiceActive else { return }
            isVoiceActive = false
            actions.append(.callerSpeaking(false))
            voiceStopped(at: activity.time, now)
        }
    }

    private mutating func voiceStarted(at time: MediaTime, _ now: MediaTime) {
        switch phase {
        case .open(var turn):
            turn.utterance.voiceStarted()
            phase = .open(turn)
        case .tentative(var utterance):
            utterance.voiceStarted()
            phase = .tentative(utterance)
        case .listening where reply != nil && !parameters.interruptsAtOnset:
            phase = .tentative(Utterance(voicedFrom: time))
            actions.append(.pause)
        case .listening:
            begin(Utterance(voicedFrom: time), now)
        }
    }

    mutating func voiceStopped(at time: MediaTime, _ now: MediaTime) {
        switch phase {
        case .open(var turn):
            turn.utterance.voiceStopped(at: time, now: now)
            phase = .open(turn)
        case .tentative(var utterance):
            utterance.voiceStopped(at: time, now: now)
            phase = .tentative(utterance)
        case .listening: break
        }
    }

    mutating func hear(_ transcript: Transcript, _ now: MediaTime) {
        if !SpokenText.trimmed(transcript.text).isEmpty { noteCaller(now) }
        switch phase {
        case .open(var turn):
            guard turn.utterance.hear(transcript, now: now) else { return }
            phase = .open(turn)
            if !turn.utterance.text.isEmpty {
                actions.append(.heard(turn.id, turn.utterance.text, isFinal: false))
            }
        case .tentative(var utterance):
            guard utterance.hear(transcript, now: now) else { return }
            phase = .tentative(utterance)
        case .listening:
            hearUnannounced(transcript, now)
        }
    }

    /// Takes words that no voice activity announced: from a text transport, late ones, or speech that was missed.
    private mutating func hearUnannounced(_ transcript: Transcript, _ now: MediaTime) {
        var utterance = Utterance(wordsAt: now)
        guard utterance.hear(transcript, now: now), !utterance.text.isEmpty else { return }
        guard let reply else { return begin(utterance, now) }
        let isLate = !reply.isHeard && committed?.id == reply.turn
        if isLate, !transcript.isFinal { return }
        if isLate || committed?.id == reply.turn, confirms(transcript.text) { return }
        if isLate {
            // The recogniser has replaced what it had not confirmed.
            begin(utterance, now, replacesUnconfirmed: true)
        } else if isInterruption(utterance, now) {
            begin(utterance, now)
        }
    }

    /// Whether late words only confirm what the turn was closed with.
    private mutating func confirms(_ text: String) -> Bool {
        guard let turn = committed, !turn.unconfirmed.isEmpty else { return false }
        guard turn.unconfirmed == SpokenText.normalized(text) else { return false }
        committed?.unconfirmed = ""
        return true
    }

    /// Whether what is said over the agent is meant to stop it.
    func isInterruption(_ utterance: Utterance, _ now: MediaTime) -> Bool {
        let voiced = utterance.voiced(until: now)
        if parameters.minDuration > .zero, voiced >= parameters.minDuration { return true }
        return hasEnoughWords(utterance) && !isBackChannel(utterance, now)
    }

    /// Whether so much was said over the agent that it interrupts, unless it only shows that somebody listens.
    func hasEnoughWords(_ utterance: Utterance) -> Bool {
        SpokenText.wordCount(utterance.text) >= max(parameters.minWords, 1)
    }

    /// Whether somebody shows that he listens: a word or two, within a second, with nothing to be answered.
    func isBackChannel(_ utterance: Utterance, _ now: MediaTime) -> Bool {
        guard parameters.minWords > 0, !agentAsks, utterance.voiced(until: now) < Self.longestBackChannel else {
            return false
        }
        let text = SpokenText.normalized(utterance.text)
        return SpokenText.wordCount(text) <= 2 && parameters.backChannels.contains { SpokenText.normalized($0) == text }
    }

    static let longestBackChannel = Duration.seconds(1)
}
