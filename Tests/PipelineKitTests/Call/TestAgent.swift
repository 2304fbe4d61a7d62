// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting

/// The least that decides turns: an utterance opens a turn and breaks off the reply, its words close it.
struct TestTurns: Processor {
    static let name = "test_turns"
    static let summary = "Opens a turn at speech and closes it at the words."

    private var turn = TurnID(0)
    private var isOpen = false
    private var isSpeaking = false
    private var missing = 0
    private var texts: [String] = []

    init(_ parameters: NoParameters) {}

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        switch frame[VoiceActivity.self]?.edge {
        case .speechStarted:
            context.noteActivity()
            isSpeaking = true
            if !isOpen { open(&context) }
        case .speechStopped:
            isSpeaking = false
            missing += 1
            context.mark(.speechEnded, at: frame[VoiceActivity.self]?.time)
            context.mark(.endpointed)
        case nil: break
        }
        context.emit(frame)
    }

    private mutating func open(_ context: inout ProcessorContext) {
        turn = TurnID(turn.value + 1)
        isOpen = true
        context.interrupt("caller spoke")
        context.beginTurn(turn)
        context.report(.turnStarted(turn))
        context.emit(TurnStarted(turn: turn))
    }

    mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let transcript = frame[Transcript.self], transcript.isUtteranceEnd, missing > 0 else { return }
        missing -= 1
        texts.append(transcript.text)
        context.mark(.transcribed)
        if isOpen, !isSpeaking, missing == 0 { close(.completed, &context) }
    }

    mutating func finish(_ context: inout ProcessorContext) {
        if isOpen { close(.sessionEnded, &context) }
    }

    private mutating func close(_ reason: TurnEnded.Reason, _ context: inout ProcessorContext) {
        isOpen = false
        context.mark(.committed)
        context.report(.heardCaller(turn, text: texts.joined(separator: " "), isFinal: true))
        context.emit(TurnEnded(turn: turn, text: texts.joined(separator: " "), reason: reason))
        texts = []
    }
}

/// Asks the model when a turn is over.
struct TestContext: Processor {
    static let name = "test_context"
    static let summary = "Asks the model when a turn is over."

    init(_ parameters: NoParameters) {}

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        context.emit(frame)
        guard let ended = frame[TurnEnded.self], ended.reason != .sessionEnded else { return }
        context.emit(ModelRequest(turn: ended.turn, messages: [Message(.user, ended.text)]))
    }
}

/// Takes every piece of the model for a sentence.
struct TestSentences: Processor {
    static let name = "test_sentences"
    static let summary = "Takes every piece of the model for a sentence."

    init(_ parameters: NoParameters) {}

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let piece = frame[ModelText.self] else { return context.emit(frame) }
        context.emit(Sentence(piece.text))
    }
}
