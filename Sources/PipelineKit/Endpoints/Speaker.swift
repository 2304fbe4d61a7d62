// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The transport's sink: plays the agent's audio in real time and knows what was heard.
///
/// Audio goes to the transport in slices of at most 20 ms and at most `lead` ahead of the moment at which it is heard, so
/// that an interruption leaves little to take back. Audio is passed on downstream when, and as far as, it was really
/// heard: a recorder behind the speaker records the truth. What was heard the transport says, see
/// ``CallOutput/heard(at:)``; where it says nothing for `confirmation`, the clock does. Frames that are not audio are
/// passed on when the audio before them has been sent. Reply frames of a turn that is over are refused.
public struct Speaker: Processor {
    public static let name = "speaker"
    public static let summary = "The agent's side of the call: plays audio in real time and reports what was heard."
    public static let endpoint: Endpoint? = .sink
    public static let queue: QueueSettings? = QueueSettings(capacity: 256)

    public static func pads(_ parameters: SpeakerParameters) -> Pads {
        Pads(reads: [.audio(.any, required: false)], produces: [.frames(Playback.self)])
    }

    private static let sliceDuration = Duration.milliseconds(20)
    private static let beat = 0
    private static let fallSilent = 1

    private let lead: Duration
    private let confirmation: Duration
    private var buffer = PlaybackBuffer()
    private var pending: Frame?
    private var pendingOffset = 0
    private var held: [PlaybackBuffer.Slice] = []
    private var isPaused = false
    private var turn = TurnID(0)
    private var isInResponse = false
    /// Whether the reply goes on once tools have ended.
    private var awaitsTools = false
    private var ending: ResponseEnded?
    private var isSpeaking = false

    /// Creates the sink of a session.
    public init(_ parameters: SpeakerParameters) {
        lead = parameters.lead
        confirmation = parameters.confirmation
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if let control = frame[PlaybackControl.self] { return apply(control, &context) }
        if context.isStale(frame) || (context.isPeerGone && frame.header.isReply) { return context.dropStale() }
        if frame.audio != nil {
            pending = frame
            pendingOffset = 0
            context.pauseInput()
            // The frame may come at the very time of a beat, which playing puts off.
            passOnHeard(&context)
            return play(&context)
        }
        if let words = frame[SpokenWords.self] {
            buffer.begin(words, isUninterruptible: frame.header.isUninterruptible)
        } else if let started = frame[ResponseStarted.self] {
            turn = started.turn
            isInResponse = true
            awaitsTools = false
        } else if let ended = frame[ResponseEnded.self] {
            end(ended, &context)
        }
        context.call.output.send(frame)
        context.emit(frame)
    }

    private mutating func end(_ ended: ResponseEnded, _ context: inout ProcessorContext) {
        buffer.completeSentences()
        // The reply goes on, after a silence perhaps: it can still be interrupted.
        awaitsTools = ended.awaitsTools
        guard !awaitsTools else { return passOnHeard(&context) }
        ending = ended
        context.pauseInput()
        finishResponseWhenHeard(&context)
    }

    public mutating func finish(_ context: inout ProcessorContext) {
        buffer.completeSentences()
        play(&context)
        passOnHeard(&context)
    }

    public var isIdle: Bool { pending == nil && buffer.isEmpty && held.isEmpty && ending == nil }

    // MARK: Playing

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        if id == Self.fallSilent { return fallSilent(&context) }
        passOnHeard(&context)
        play(&context)
        finishResponseWhenHeard(&context)
    }

    private mutating func play(_ context: inout ProcessorContext) {
        guard !isPaused else { return }
        let lead = context.call.lead ?? lead
        while let frame = pending, let audio = frame.audio, buffer.playhead - context.now < lead {
            let length = min(
                Self.sliceDuration.sampleCount(rate: audio.format.rateHz), audio.sampleCount - pendingOffset)
            let isWhole = length == audio.sampleCount || audio.format.encoding == .opus
            let slice = isWhole ? audio : audio.slice(pendingOffset..<pendingOffset + length)
            send(slice, frame.header, sentence: buffer.currentSentence, &context)
            pendingOffset += isWhole ? audio.sampleCount : length
            guard pendingOffset >= audio.sampleCount else { continue }
            pending = nil
            if ending == nil { context.resumeInput() }
        }
        guard !buffer.isEmpty else { return }
        // A far end that lags behind the clock is asked again and again.
        context.wake(at: buffer.nextEnd(after: context.now) ?? context.now + Self.sliceDuration, id: Self.beat)
    }

    private mutating func send(
        _ audio: Audio, _ header: FrameHeader, sentence: Int, _ context: inout ProcessorContext
    ) {
        let time = buffer.append(audio, header, sentence: sentence, now: context.now)
        context.cancelWake(id: Self.fallSilent)
        if !isSpeaking {
            isSpeaking = true
            context.replyHeard(at: time)
            context.report(.agentSpeaking(true))
            context.broadcast(Frame(Playback.started(turn: turn, time: time), at: time))
        }
        context.call.output.write(audio, at: time)
    }

    /// Up to which time what was written has been heard, or counts as heard.
    private func cursor(_ context: inout ProcessorContext) -> MediaTime {
        let now = context.now
        return max(min(context.call.output.heard(at: now), now), now - confirmation)
    }

    /// Reports what was heard up to now.
    private mutating func passOnHeard(_ context: inout ProcessorContext) {
        let cursor = cursor(&context)
        while let slice = buffer.popHeard(upTo: cursor) { passOn(slice, &context) }
        // While the sound is held, no sentence is over whose rest is held too.
        while held.isEmpty, let sentence = buffer.popSpoken(pending: pending == nil ? nil : buffer.currentSentence) {
            report(sentence, isComplete: true, &context)
        }
        guard isSpeaking, buffer.isEmpty, pending == nil, held.isEmpty, !isInResponse || awaitsTools else { return }
        context.wake(at: context.now + .milliseconds(350), id: Self.fallSilent)
    }

    private func passOn(_ slice: PlaybackBuffer.Slice, _ context: inout ProcessorContext) {
        context.noteActivity()
        context.emit(Frame(audio: slice.audio, at: slice.start), causedBy: nil)
    }

    private func report(_ sentence: PlaybackBuffer.Sentence, isComplete: Bool, _ context: inout ProcessorContext) {
        context.broadcast(
            Frame(Playback.spoken(sentence.words, heard: sentence.heard, isComplete: isComplete), at: context.now))
    }

    private mutating func finishResponseWhenHeard(_ context: inout ProcessorContext) {
        guard let ended = ending, buffer.isEmpty, pending == nil, held.isEmpty else { return }
        ending = nil
        isInResponse = false
        passOnHeard(&context)
        stopSpeaking(isInterrupted: false, &context)
        context.resumeInput()
        if ended.endsSession { context.end(.agentEnded) }
    }

    /// Nothing has come for a while: what was begun is over, or the reply waits for its tools.
    private mutating func fallSilent(_ context: inout ProcessorContext) {
        buffer.completeSentences()
        passOnHeard(&context)
        guard !isInResponse else {
            context.cancelWake(id: Self.fallSilent)
            if isSpeaking { context.report(.agentSpeaking(false)) }
            isSpeaking = false
            return
        }
        stopSpeaking(isInterrupted: false, &context)
    }

    private mutating func stopSpeaking(isInterrupted: Bool, _ context: inout ProcessorContext) {
        context.cancelWake(id: Self.fallSilent)
        if isSpeaking { context.report(.agentSpeaking(false)) }
        isSpeaking = false
        context.broadcast(
            Frame(Playback.stopped(turn: turn, time: context.now, isInterrupted: isInterrupted), at: context.now))
    }

    // MARK: Holding and cutting

    private mutating func apply(_ control: PlaybackControl, _ context: inout ProcessorContext) {
        switch control {
        case .pause where !isPaused:
            isPaused = true
            held = takeBack(&context)
            context.broadcast(Frame(Playback.paused(time: context.now), at: context.now))
        case .resume where isPaused:
            resume(&context)
            context.broadcast(Frame(Playback.resumed(time: context.now), at: context.now))
        case .pause, .resume: break
        }
    }

    private mutating func resume(_ context: inout ProcessorContext) {
        isPaused = false
        let waiting = held
        held = []
        for slice in waiting { send(slice.audio, slice.header, sentence: slice.sentence, &context) }
        play(&context)
        // The pause may have come between the last sample and the beat that would have noticed.
        finishResponseWhenHeard(&context)
    }

    /// Takes back what was sent and is not heard.
    private mutating func takeBack(_ context: inout ProcessorContext) -> [PlaybackBuffer.Slice] {
        passOnHeard(&context)
        if let heard = buffer.cut(at: cursor(&context)) { passOn(heard, &context) }
        context.cancelWake(id: Self.beat)
        let unheard = buffer.takeUnheard(now: context.now)
        // What counts as heard because nobody said anything may still be on its way.
        if !unheard.isEmpty || context.call.output.heard(at: context.now) < context.now { context.call.output.clear() }
        return unheard
    }

    public mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
        let unheard = held + takeBack(&context)
        let keepsNothing = context.isPeerGone
        held = unheard.filter { !keepsNothing && !$0.header.isStale(in: interruption.epoch) }
        if let frame = pending, keepsNothing || context.isStale(frame) { pending = nil }
        var kept = Set(held.map(\.sentence))
        if pending != nil { kept.insert(buffer.currentSentence) }
        for sentence in buffer.takeCutSentences(keeping: kept, keepsUninterruptible: !keepsNothing) {
            report(sentence, isComplete: false, &context)
        }
        if held.isEmpty, pending == nil {
            let wasAnswering = isSpeaking || isInResponse
            isInResponse = false
            ending = nil
            if wasAnswering { stopSpeaking(isInterrupted: true, &context) }
        }
        if pending == nil, ending == nil { context.resumeInput() }
        resume(&context)
    }
}
