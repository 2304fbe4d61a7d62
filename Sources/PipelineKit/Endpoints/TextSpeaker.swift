// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The transport's sink in calls that take text: gives it to the far end to speak, and knows what was heard.
///
/// Text leaves as the model yields it, and the end of the reply is told. What was heard follows the far end's
/// ``SpeechProgress``, and a pace of speech as long as there is none. A reply counts as spoken until it was heard; the
/// next one waits until then. Reply frames of a turn that is over are refused.
public struct TextSpeaker: Processor {
    public static let name = "text_speaker"
    public static let summary = "The agent's side of a call that takes text: gives it on as the model yields it."
    public static let endpoint: Endpoint? = .sink
    public static let queue: QueueSettings? = QueueSettings(capacity: 256)

    public static func pads(_ parameters: SpeakerParameters) -> Pads {
        Pads(reads: [.frames(ModelText.self, required: false)], produces: [.frames(Playback.self)])
    }

    /// Pause after which text that belongs to no reply is complete.
    private static let pause = Duration.milliseconds(350)
    private static let heard = 0
    private static let complete = 1

    private let parameters: SpeakerParameters
    private var playback: TextPlayback
    private var turn = TurnID(0)
    /// Whether a reply has begun and its end has not been heard.
    private var isAnswering = false
    private var isSpeaking = false
    private var isUninterruptible = false
    private var ending: ResponseEnded?
    /// Whether the far end has stopped by itself, so that nothing is to be taken back.
    private var isStopped = false

    /// Creates the sink of a session.
    public init(_ parameters: SpeakerParameters) {
        self.parameters = parameters
        playback = TextPlayback(charactersPerSecond: parameters.charactersPerSecond)
    }

    public var isIdle: Bool { ending == nil && !isSpeaking }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if let progress = frame[SpeechProgress.self] { return take(progress, &context) }
        if context.isStale(frame) || (context.isPeerGone && frame.header.isReply) { return context.dropStale() }
        if frame.audio != nil { return context.drop("audio") }
        if let started = frame[ResponseStarted.self] {
            begin(started.turn, frame.header)
        } else if let text = frame[ModelText.self]?.text ?? frame[Sentence.self].map({ $0.text + " " }) {
            speak(text, frame.header, &context)
        }
        context.call.output.send(frame)
        context.emit(frame)
        // One that awaits tools is not the end of the reply.
        if let ended = frame[ResponseEnded.self], !ended.awaitsTools { end(ended, &context) }
    }

    private mutating func begin(_ turn: TurnID, _ header: FrameHeader) {
        self.turn = turn
        isAnswering = true
        isUninterruptible = header.isUninterruptible
    }

    private mutating func speak(_ text: String, _ header: FrameHeader, _ context: inout ProcessorContext) {
        guard !text.isEmpty else { return }
        context.noteActivity()
        isUninterruptible = header.isUninterruptible
        playback.append(text, now: context.now)
        if !isAnswering { context.wake(at: context.now + Self.pause, id: Self.complete) }
        guard !isSpeaking else { return }
        isSpeaking = true
        context.replyHeard(at: context.now)
        context.report(.agentSpeaking(true))
        context.broadcast(Frame(Playback.started(turn: turn, time: context.now), at: context.now))
    }

    private mutating func end(_ ended: ResponseEnded, _ context: inout ProcessorContext) {
        ending = ended
        context.pauseInput()
        finishWhenHeard(&context)
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        if id == Self.complete, !isAnswering, isSpeaking {
            let ended = ResponseEnded(turn: turn)
            context.call.output.send(Frame(ended, at: context.now))
            end(ended, &context)
        } else {
            finishWhenHeard(&context)
        }
    }

    private mutating func finishWhenHeard(_ context: inout ProcessorContext) {
        guard let ended = ending else { return }
        guard playback.isEmpty || playback.end <= context.now else {
            return context.wake(at: playback.end, id: Self.heard)
        }
        stop(isInterrupted: false, &context)
        context.resumeInput()
        if ended.endsSession { context.end(.agentEnded) }
    }

    private mutating func stop(isInterrupted: Bool, _ context: inout ProcessorContext) {
        let (now, text) = (context.now, playback.heard(at: context.now))
        context.cancelWake(id: Self.heard)
        context.cancelWake(id: Self.complete)
        context.noteActivity()
        if !text.isEmpty {
            let words = SpokenWords(text, words: [])
            context.broadcast(Frame(Playback.spoken(words, heard: .zero, isComplete: true), at: now))
        }
        if isSpeaking { context.report(.agentSpeaking(false)) }
        context.broadcast(Frame(Playback.stopped(turn: turn, time: now, isInterrupted: isInterrupted), at: now))
        playback = TextPlayback(charactersPerSecond: parameters.charactersPerSecond)
        isSpeaking = false
        isAnswering = false
        isStopped = false
        ending = nil
    }

    // MARK: What the far end tells

    private mutating func take(_ progress: SpeechProgress, _ context: inout ProcessorContext) {
        guard isSpeaking else { return }
        context.noteActivity()
        switch progress {
        case .heard(let words):
            playback.report(words, now: context.now)
            finishWhenHeard(&context)
        case .finished:
            playback.finish(now: context.now)
            finishWhenHeard(&context)
        case .interrupted(let words):
            if let words { playback.stop(after: words) }
            isStopped = true
            // The far end has stopped, whatever was said about interruptions.
            isUninterruptible = false
            context.interrupt("caller speaks")
        }
    }

    public mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
        guard isAnswering || isSpeaking, !isUninterruptible || context.isPeerGone else { return }
        if isSpeaking, !isStopped { context.call.output.clear() }
        stop(isInterrupted: true, &context)
        context.resumeInput()
    }
}
