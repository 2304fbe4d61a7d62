// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Puts the agent's words into the conversation as far as the caller heard them.
///
/// Stands behind the speaker and goes by what it reports as played. A word counts when at least half of it was heard; a
/// reply of which nothing was heard leaves no message. Reports each reply once, but for those without a word: a model that
/// was interrupted before it spoke, or while a tool was at work, has not replied.
public struct AssistantContext: Processor {
    public static let name = "assistant_context"
    public static let summary = "Adds the agent's words to the conversation, as far as they were heard."

    public static func pads(_ parameters: NoParameters) -> Pads {
        Pads(reads: [.frames(Playback.self)])
    }

    private var turn = TurnID(0)
    private var sequence = 0
    private var heard = ""
    private var written = ""
    private var isInReply = false

    /// Creates the processor of a session.
    public init(_ parameters: NoParameters) {}

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if let started = frame[ResponseStarted.self] {
            begin(started.turn)
        } else if let playback = frame[Playback.self] {
            take(playback, &context)
        }
        context.emit(frame)
    }

    private mutating func take(_ playback: Playback, _ context: inout ProcessorContext) {
        switch playback {
        case .started(let turn, _): begin(turn)
        case .spoken(let words, let duration, let isComplete):
            written = SpokenText.join(written, words.text)
            let text = isComplete ? words.text : words.text(heardFor: duration)
            guard !text.isEmpty else { return }
            heard = SpokenText.join(heard, text)
            commit(isInterrupted: !isComplete, &context)
        case .stopped(let turn, _, let isInterrupted):
            begin(turn)
            finish(isInterrupted: isInterrupted, &context)
        case .paused, .resumed: break
        }
    }

    private mutating func begin(_ turn: TurnID) {
        isInReply = true
        guard turn != self.turn else { return }
        self.turn = turn
        sequence = 0
        heard = ""
        written = ""
    }

    private func commit(isInterrupted: Bool, _ context: inout ProcessorContext) {
        context.shared { Conversation() }.put(
            .init(turn: turn, role: .assistant, sequence: sequence), text: heard, planned: planned(context),
            isInterrupted: isInterrupted)
    }

    private func planned(_ context: borrowing ProcessorContext) -> String {
        let text = SpokenText.trimmed(context.plannedReply)
        return text.isEmpty ? written : text
    }

    private mutating func finish(isInterrupted: Bool, _ context: inout ProcessorContext) {
        guard isInReply else { return }
        isInReply = false
        commit(isInterrupted: isInterrupted, &context)
        let planned = planned(context)
        if !heard.isEmpty || !planned.isEmpty {
            context.report(.spoke(turn, heard: heard, planned: planned, isInterrupted: isInterrupted))
        }
        sequence += 1
        heard = ""
        written = ""
    }
}

extension SpokenWords {
    /// The beginning of the text that was heard when its audio sounded for `duration`: words of which at least half
    /// was.
    func text(heardFor duration: Duration) -> String {
        let heard = words.prefix { $0.start + ($0.end - $0.start) / 2 <= duration }
        // The words are the text but for white space: count what is not.
        var characters = heard.reduce(0) { $0 + $1.text.count(where: { !$0.isWhitespace }) }
        let end = text.firstIndex { character in
            if !character.isWhitespace { characters -= 1 }
            return characters < 0
        }
        return SpokenText.trimmed(String(text[..<(end ?? text.endIndex)]))
    }
}
