// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Answers whatever the caller says with one sentence.
struct Reciter: Processor {
    static let name = "reciter"
    static let summary = "Answers with one sentence."

    init(_ parameters: NoParameters) {}

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard frame[Transcript.self] != nil else {
            if frame.audio == nil { context.emit(frame) }
            return
        }
        context.emit(ResponseStarted(turn: TurnID(1)))
        context.emit(Sentence("one two"))
        context.emit(ResponseEnded(turn: TurnID(1)))
    }
}

/// Speaks every sentence as one second of sound that says "one two".
struct ReciterVoice: Processor {
    static let name = "reciter_voice"
    static let summary = "Speaks every sentence as one second of sound."

    init(_ parameters: NoParameters) {}

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard frame[Sentence.self] != nil else { return context.emit(frame) }
        let words = [
            TimedWord("one", start: .zero, end: .milliseconds(480)),
            TimedWord("two", start: .milliseconds(520), end: .seconds(1)),
        ]
        context.emit(SpokenWords("one two", words: words))
        guard let format = context.call.outputFormat else { return }
        let samples = repeatElement(Int16(1000), count: format.rateHz)
        context.emit(Audio(format: format, samples: samples), at: context.now)
    }
}
