// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// One JSON object a line, for machines.
///
/// Every object has `kind`, `session` and `time_ms`.
///
/// - `session`: a call began; `transport`, `pipeline`
/// - `turn`: a turn was answered; `turn`, `gap_ms`, `parts_ms` by name, which add up to the gap
/// - `transcript`: somebody said something; `role` (`caller` or `agent`), `turn`, `text`, `heard` (the part of the text that
///   the other side heard), `interrupted`
/// - `interruption`: a reply was cut short; `reason`
/// - `metric`: `name`, `value`
/// - `error`: `processor`, `category`, `message`, `turn`, and `file`, `line`, `column` where known
/// - `end`: the call is over; `reason`, `duration_ms`, `abandoned`, `processors`, and the paths `recording`, `transcript`,
///   `turns` where written
struct JSONView: RunView {
    let output: Output
    let pipeline: String

    mutating func show(_ event: RunEvent) {
        guard let (kind, members) = Self.members(event.event, event.transport, pipeline) else { return }
        output.json(Self.head(kind, event).appending(members))
    }

    mutating func showEnd(
        _ event: RunEvent, _ report: SessionReport, _ record: CallRecord, _ files: [(kind: String, path: String)]
    ) {
        let paths = JSONValue.object(files.map { JSONValue.Member($0.kind, .string($0.path)) })
        output.json(Self.head("end", event).appending(Self.members(report)).appending(paths))
    }

    private static func head(_ kind: String, _ event: RunEvent) -> JSONValue {
        ["kind": .string(kind), "session": .string(event.call), "time_ms": event.time.jsonMilliseconds]
    }

    private static func members(_ event: SessionEvent, _ transport: String, _ pipeline: String) -> (String, JSONValue)?
    {
        switch event {
        case .started: ("session", ["transport": .string(transport), "pipeline": .string(pipeline)])
        case .turn(let turn): ("turn", members(turn))
        case .heardCaller(let turn, let text, isFinal: true) where !text.isEmpty:
            ("transcript", transcript("caller", turn, text, heard: text, isInterrupted: false))
        case .spoke(let turn, let heard, let planned, let isInterrupted):
            ("transcript", transcript("agent", turn, planned, heard: heard, isInterrupted: isInterrupted))
        case .interruption(let interruption): ("interruption", ["reason": .string(interruption.reason)])
        case .toolEnded(let result, let duration): ("tool", members(result, duration))
        case .metric(let name, let value): ("metric", ["name": .string(name), "value": .number(value)])
        case .error(let error): ("error", members(error))
        case .heardCaller, .turnStarted, .agentSpeaking, .callerSpeaking, .toolStarted, .ended: nil
        }
    }

    private static func members(_ result: ToolResult, _ duration: Duration) -> JSONValue {
        [
            "turn": .integer(result.turn.value), "name": .string(result.call.name),
            "outcome": .string(result.outcome.rawValue), "ms": .number(duration.milliseconds),
        ]
    }

    private static func transcript(
        _ role: String, _ turn: TurnID, _ text: String, heard: String, isInterrupted: Bool
    ) -> JSONValue {
        [
            "role": .string(role), "turn": .integer(turn.value), "text": .string(text), "heard": .string(heard),
            "interrupted": .bool(isInterrupted),
        ]
    }

    private static func members(_ turn: TurnRecord) -> JSONValue {
        let parts = turn.parts.map { JSONValue.Member($0.name, $0.duration.jsonMilliseconds) }
        return ["turn": .integer(turn.turn.value), "gap_ms": turn.gap.jsonMilliseconds, "parts_ms": .object(parts)]
    }

    private static func members(_ error: PipelineError) -> JSONValue {
        let place: JSONValue =
            error.mark.map {
                ["file": .string($0.file), "line": .integer($0.line), "column": .integer($0.column)]
            } ?? [:]
        let members: JSONValue = [
            "processor": .string(error.processor), "category": .string(error.category.rawValue),
            "message": .string(error.cause.map { "\(error.message) (\($0))" } ?? error.message),
            "turn": .integer(error.turn.value),
        ]
        return members.appending(place)
    }

    private static func members(_ report: SessionReport) -> JSONValue {
        [
            "reason": .string(report.reason.name), "duration_ms": report.duration.jsonMilliseconds,
            "abandoned": .array(report.abandoned.map { .string($0) }),
            "processors": .array(report.processors.map(members)),
        ]
    }

    private static func members(_ statistics: ProcessorStatistics) -> JSONValue {
        let dropped = statistics.framesDropped.sorted { $0.key < $1.key }
        return [
            "id": .string(statistics.id), "frames_in": .integer(statistics.framesIn),
            "frames_out": .integer(statistics.framesOut),
            "frames_dropped": .object(dropped.map { JSONValue.Member($0.key, .integer($0.value)) }),
            "mean_process_us": statistics.meanProcessDuration.map { .number($0.jsonMicroseconds) } ?? .null,
            "longest_process_us": statistics.longestProcessDuration.map { .number($0.jsonMicroseconds) } ?? .null,
            "queue_peak": .integer(statistics.queuePeak),
        ]
    }
}
