// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Decides when the caller's turns begin and end, what interrupts the agent, and when silence has lasted too long.
///
/// Has no clock: every event comes with the time, and `deadline` says when `.time` is wanted next. Guarantees: every
/// turn that begins ends exactly once; a turn whose reply nobody heard yet is continued by what the caller says next,
/// so that one utterance gets one reply; a reply that was paused goes on or is interrupted.
struct TurnMachine {
    /// What happens around the turn.
    enum Event {
        case voice(VoiceActivity)
        case transcript(Transcript)
        /// The model is asked to answer a turn.
        case replyAsked(TurnID)
        /// The first sample of a reply is heard.
        case replyHeard(TurnID)
        /// Nothing more of a reply will be heard.
        case replyEnded(TurnID)
        /// Somebody else interrupted the reply.
        case replyCut
        /// The caller pressed a key.
        case key
        /// The deadline has come.
        case time
        /// Nothing more comes from the caller; whether words that are on their way are still answered.
        case inputEnded(isAnswered: Bool)
    }

    /// What is to be done, in order.
    enum Action: Equatable {
        case begin(TurnID)
        case end(TurnEnded, TurnMoments)
        case interrupt
        case pause
        case resume
        case heard(TurnID, String, isFinal: Bool)
        case callerSpeaking(Bool)
        case endSession
    }

    /// Where the caller's side stands.
    enum Phase: Equatable {
        /// The state while the caller says nothing that matters.
        case listening
        /// The state while the caller speaks over the paused agent and it is not known whether that is an interruption.
        case tentative(Utterance)
        /// The state from the beginning of a turn until it ends.
        case open(OpenTurn)
    }

    let parameters: TurnParameters
    /// Whether the agent's last sentence asks something, so that `yeah` is an answer.
    var agentAsks = false
    var phase = Phase.listening
    var reply: PendingReply?
    /// The last turn that was given to the model, as long as no other has begun.
    var committed: CommittedTurn?
    var lastTurn = TurnID(0)
    var isVoiceActive = false
    var quietSince = MediaTime.zero
    var nudges = 0
    var ending: Ending?
    var actions: [Action] = []

    /// Creates a machine that listens.
    init(_ parameters: TurnParameters) { self.parameters = parameters }

    /// Takes an event and returns what is to be done.
    mutating func handle(_ event: Event, now: MediaTime) -> [Action] {
        switch event {
        case .voice(let activity): voice(activity, now)
        case .transcript(let transcript): hear(transcript, now)
        case .replyAsked(let turn): replyAsked(turn, now)
        case .replyHeard(let turn): replyHeard(turn, now)
        case .replyEnded(let turn): replyEnded(turn, now)
        case .replyCut: replyCut(now)
        case .key: noteCaller(now)
        case .time: break
        case .inputEnded(let isAnswered): inputEnded(isAnswered: isAnswered, now)
        }
        settle(now)
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    /// Whether no turn is open and nothing is paused.
    var isIdle: Bool { phase == .listening }

    /// The caller is there.
    mutating func noteCaller(_ now: MediaTime) {
        nudges = 0
        quietSince = now
    }

    private mutating func inputEnded(isAnswered: Bool, _ now: MediaTime) {
        ending = isAnswered ? .answering : .closing
        guard isVoiceActive else { return }
        isVoiceActive = false
        voiceStopped(at: now, now)
    }
}

/// A turn of the caller that has begun and not ended.
struct OpenTurn: Equatable {
    let id: TurnID
    var utterance: Utterance
    let begun: MediaTime
    /// Whether it broke into a reply.
    var isInterruption = false
    /// The turn that it continues.
    var continued: CommittedTurn?
}

/// A turn that was given to the model.
struct CommittedTurn: Equatable {
    let id: TurnID
    /// All its words.
    let text: String
    /// Its words without those that the recogniser had not confirmed.
    let confirmedText: String
    /// The words that the recogniser had not confirmed, normalised.
    var unconfirmed: String
    let moments: TurnMoments
}

/// The reply that the agent owes or gives.
struct PendingReply: Equatable {
    let turn: TurnID
    let since: MediaTime
    var isHeard = false
}

/// When what was decided about a turn, for its latency breakdown.
struct TurnMoments: Equatable {
    var speechEnded: MediaTime?
    var endpointed: MediaTime?
    var transcribed: MediaTime?
}

/// How turns end when the session does.
enum Ending {
    /// The words that are on their way are still answered.
    case answering
    /// Nothing is answered any more.
    case closing
}
