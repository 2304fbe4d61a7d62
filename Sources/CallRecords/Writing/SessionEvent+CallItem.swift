// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension SessionEvent {
    /// What is written of the event; `nil` for what is not, or in a way of its own.
    ///
    /// - Parameter transcripts: Whether what was said is written.
    func callItem(transcripts: Bool) -> CallItem? {
        switch self {
        case .started, .ended: nil
        case .heardCaller(let turn, let text, isFinal: true) where !text.isEmpty && transcripts:
            .utterance(Utterance(.caller, turn: turn.value, heard: text))
        case .heardCaller: nil
        case .spoke(let turn, let heard, let planned, let isInterrupted) where transcripts:
            .utterance(
                Utterance(.agent, turn: turn.value, heard: heard, planned: planned, isInterrupted: isInterrupted))
        case .spoke: nil
        case .turn(let record): .turn(record)
        case .turnStarted(let turn): .event(CallEvent("turn_started", turn: turn.value))
        case .agentSpeaking(let isSpeaking): .event(CallEvent("agent_speaking", value: isSpeaking ? 1 : 0))
        case .callerSpeaking(let isSpeaking): .event(CallEvent("caller_speaking", value: isSpeaking ? 1 : 0))
        case .interruption(let interruption): .event(CallEvent("interruption", text: interruption.reason))
        case .toolStarted: nil
        case .toolEnded(let result, let duration):
            .toolCall(ToolCall(result, took: duration, withContent: transcripts))
        case .metric(let name, let value): .event(CallEvent("metric", name: name, value: value))
        case .error(let error):
            .event(
                CallEvent("error", turn: error.turn.value, name: error.processor, text: error.description))
        }
    }
}

extension ToolCall {
    /// A call as it ended; without what was said in it where speech is not written either.
    fileprivate init(_ result: ToolResult, took duration: Duration, withContent: Bool) {
        self.init(
            turn: result.turn.value, name: result.call.name, arguments: withContent ? result.call.arguments : "{}",
            result: withContent ? result.content : nil, outcome: result.outcome.rawValue, duration: duration)
    }
}

extension SessionReport {
    /// What the counters say of frames that were lost, and who did not let go.
    ///
    /// Frames of replies that were cut are dropped as they should be.
    var callItems: [CallItem] {
        let dropped = processors.flatMap { processor in
            processor.framesDropped.sorted { $0.key < $1.key }.filter { $0.key != "stale" && $0.value > 0 }.map {
                CallEvent("dropped", name: processor.id, value: Double($0.value), text: $0.key)
            }
        }
        return (dropped + abandoned.map { CallEvent("abandoned", name: $0) }).map { .event($0) }
    }
}

extension CallEnd {
    /// How a session ended.
    init(_ report: SessionReport, at time: WallTime) {
        var error: String?
        if case .failed(let failure) = report.reason { error = failure.description }
        self.init(reason: report.reason.name, error: error, duration: report.duration, time: time)
    }
}
