// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Decides when the caller's turns begin and end, and interrupts the agent.
///
/// Combines voice activity, which comes from before it, with the transcripts and the playback that the recogniser and
/// the speaker report from behind it. `TurnStarted` overtakes; `TurnEnded` follows the transcripts of its turn. All
/// decisions are those of a state machine without a clock; this processor carries them out.
public struct Turn: Processor {
    public static let name = "turn"
    public static let summary =
        "Opens and closes the caller's turns, interrupts the agent, and asks when nobody speaks."

    public static func pads(_ parameters: TurnParameters) -> Pads {
        Pads(
            reads: [.frames(VoiceActivity.self, required: false), .frames(Transcript.self, required: false)],
            produces: [.frames(TurnStarted.self), .frames(TurnEnded.self), .frames(PlaybackControl.self)])
    }

    private var machine: TurnMachine
    /// The epoch in which the reply in progress was asked for.
    private var replyEpoch = TurnEpoch()

    /// Creates the processor of a session.
    public init(_ parameters: TurnParameters) { machine = TurnMachine(parameters) }

    public var isIdle: Bool { machine.isIdle }

    public mutating func start(_ context: inout ProcessorContext) {
        // A caller who is back goes on with the turns of the conversation.
        machine.lastTurn = context.shared { Conversation() }.newestTurn
        scheduleDeadline(&context)
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        context.emit(frame)
        if let activity = frame[VoiceActivity.self] {
            context.noteActivity()
            handle(.voice(activity), &context)
        } else if let transcript = frame[Transcript.self] {
            context.noteActivity()
            handle(.transcript(transcript), &context)
        } else if frame[DTMF.self] != nil {
            context.noteActivity()
            handle(.key, &context)
        }
    }

    public mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) {
        if let transcript = frame[Transcript.self] {
            context.noteActivity()
            handle(.transcript(transcript), &context)
        } else if let request = frame[ModelRequest.self] {
            handle(.replyAsked(request.turn), &context)
        } else if let playback = frame[Playback.self] {
            switch playback {
            case .started(let turn, _): handle(.replyHeard(turn), &context)
            case .stopped(let turn, _, _): handle(.replyEnded(turn), &context)
            case .spoken, .paused, .resumed: break
            }
        }
    }

    public mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
        guard interruption.epoch > replyEpoch else { return }
        handle(.replyCut, &context)
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) { handle(.time, &context) }

    public mutating func finish(_ context: inout ProcessorContext) {
        let isAnswered =
            if case .inputEnded = context.endReason { !context.isPeerGone } else { false }
        handle(.inputEnded(isAnswered: isAnswered), &context)
    }

    // MARK: Carrying out

    private mutating func handle(_ event: TurnMachine.Event, _ context: inout ProcessorContext) {
        machine.agentAsks = SpokenText.isQuestion(context.plannedReply)
        let before = machine.reply
        for action in machine.handle(event, now: context.now) { apply(action, &context) }
        if machine.reply != before { replyEpoch = context.epoch }
        scheduleDeadline(&context)
    }

    private func scheduleDeadline(_ context: inout ProcessorContext) {
        if let deadline = machine.deadline {
            context.wake(at: deadline)
        } else {
            context.cancelWake()
        }
    }

    private mutating func apply(_ action: TurnMachine.Action, _ context: inout ProcessorContext) {
        switch action {
        case .begin(let turn):
            context.report(.turnStarted(turn))
            context.emit(TurnStarted(turn: turn), at: context.now)
        case .end(let ended, let moments): end(ended, moments, &context)
        case .interrupt:
            context.interrupt("caller speaks")
            replyEpoch = context.epoch
        case .pause: context.emit(PlaybackControl.pause, at: context.now)
        case .resume: context.emit(PlaybackControl.resume, at: context.now)
        case .heard(let turn, let text, let isFinal): context.report(.heardCaller(turn, text: text, isFinal: isFinal))
        case .callerSpeaking(let isSpeaking): context.report(.callerSpeaking(isSpeaking))
        case .endSession: context.end(.idle)
        }
    }

    private func end(_ ended: TurnEnded, _ moments: TurnMoments, _ context: inout ProcessorContext) {
        context.beginTurn(ended.turn)
        if let time = moments.speechEnded { context.mark(.speechEnded, at: time) }
        if let time = moments.endpointed { context.mark(.endpointed, at: time) }
        if let time = moments.transcribed { context.mark(.transcribed, at: time) }
        context.mark(.committed)
        context.emit(ended, at: context.now)
    }
}
