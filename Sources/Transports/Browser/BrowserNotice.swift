// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A message to the page.
enum BrowserNotice {
    /// The session runs; audio may come now.
    case ready(session: String, title: String, input: AudioFormat, output: AudioFormat)
    /// Audio of a generation follows.
    case audioStart(generation: UInt32)
    /// Audio that was held follows: what lay at `from` in the old generation lies at the beginning of the new one.
    case audioResume(generation: UInt32, old: UInt32, from: Int)
    /// The reply has no more audio.
    case audioEnd(generation: UInt32)
    /// Audio of older generations is not to be heard any more.
    case flush(generation: UInt32)
    /// The words of the audio that begins at `position`.
    case words(SpokenWords, turn: TurnID, generation: UInt32, position: Int)
    /// Something happened in the session.
    case event(SessionEvent)
    /// Something went wrong; a fatal error ends the call.
    case error(BrowserError, isFatal: Bool)
    /// The call is over.
    case end(EndReason)

    /// The message; `nil` for events that a page has no use for.
    var json: JSONValue? {
        switch self {
        case .ready(let session, let title, let input, let output):
            [
                "type": "ready", "version": .integer(BrowserStart.version), "session": .string(session),
                "title": .string(title), "input": Self.format(input), "output": Self.format(output),
            ]
        case .audioStart(let generation): ["type": "audio_start", "generation": .integer(Int(generation))]
        case .audioResume(let generation, let old, let from):
            [
                "type": "audio_start", "generation": .integer(Int(generation)),
                "resumes": ["generation": .integer(Int(old)), "position": .integer(from)],
            ]
        case .audioEnd(let generation): ["type": "audio_end", "generation": .integer(Int(generation))]
        case .flush(let generation): ["type": "flush", "generation": .integer(Int(generation))]
        case .words(let words, let turn, let generation, let position):
            [
                "type": "words", "turn": .integer(turn.value), "generation": .integer(Int(generation)),
                "position": .integer(position), "text": .string(words.text),
                "words": .array(words.words.map(Self.word)),
            ]
        case .event(let event): Self.json(event)
        case .error(let error, let isFatal):
            [
                "type": "error", "code": .string(error.code.rawValue), "message": .string(error.message),
                "fatal": .bool(isFatal),
            ]
        case .end(let reason): ["type": "end", "reason": .string(reason.name)]
        }
    }

    private static func json(_ event: SessionEvent) -> JSONValue? {
        switch event {
        case .heardCaller(let turn, let text, let isFinal):
            [
                "type": "transcript", "role": "user", "turn": .integer(turn.value), "text": .string(text),
                "final": .bool(isFinal),
            ]
        case .spoke(let turn, let heard, let planned, let isInterrupted):
            [
                "type": "transcript", "role": "agent", "turn": .integer(turn.value), "text": .string(heard),
                "planned": .string(planned), "interrupted": .bool(isInterrupted), "final": true,
            ]
        case .callerSpeaking(let isSpeaking): ["type": "speaking", "role": "user", "speaking": .bool(isSpeaking)]
        case .agentSpeaking(let isSpeaking): ["type": "speaking", "role": "agent", "speaking": .bool(isSpeaking)]
        case .turnStarted(let turn): ["type": "turn_started", "turn": .integer(turn.value)]
        case .interruption(let interruption): ["type": "interruption", "reason": .string(interruption.reason)]
        case .turn(let record): Self.turn(record)
        case .metric(let name, let value): ["type": "metric", "name": .string(name), "value": .number(value)]
        case .error(let error):
            BrowserNotice.error(BrowserError(.failed, error.publicMessage), isFatal: false).json
        case .started, .toolStarted, .toolEnded, .ended: nil
        }
    }

    private static func turn(_ record: TurnRecord) -> JSONValue {
        let parts = record.parts.map { part -> JSONValue in
            ["name": .string(part.name), "ms": .number(rounded(part.duration.milliseconds))]
        }
        return [
            "type": "turn", "turn": .integer(record.turn.value), "gap_ms": .number(rounded(record.gap.milliseconds)),
            "parts": .array(parts),
        ]
    }

    private static func word(_ word: TimedWord) -> JSONValue {
        [
            "text": .string(word.text), "start_ms": .number(rounded(word.start.milliseconds)),
            "end_ms": .number(rounded(word.end.milliseconds)),
        ]
    }

    private static func format(_ format: AudioFormat) -> JSONValue {
        ["encoding": "pcm_s16le", "rate": .integer(format.rateHz), "channels": .integer(format.channels)]
    }

    private static func rounded(_ milliseconds: Double) -> Double { (milliseconds * 10).rounded() / 10 }
}
