// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension RecordedCall {
    /// The call for machines; times are RFC 3339, durations milliseconds.
    public var json: JSONValue {
        let attributes = header.attributes.sorted { $0.key < $1.key }
        return [
            "id": .string(header.id), "state": .string(state.rawValue), "pipeline": .string(header.pipeline),
            "transport": .string(header.transport), "direction": .text(header.direction), "from": .text(header.from),
            "to": .text(header.to), "began": .string(header.began.text), "ended": .text(end?.time.text),
            "duration_ms": .milliseconds(end?.duration), "end_reason": .text(end?.reason), "error": .text(end?.error),
            "recording": .text(end?.recording), "turn_count": .integer(turnCount),
            "longest_gap_ms": .milliseconds(longestGap), "lost_entries": .integer(end?.lostEntries ?? 0),
            "attributes": .object(attributes.map { JSONValue.Member($0.key, .string($0.value)) }),
        ]
    }
}

extension CallHistory {
    /// The call and everything in it for machines; `time_ms` counts from the call's beginning.
    public var json: JSONValue {
        call.json.appending([
            "transcript": .array(utterances.map { $0.json { $0.json } }),
            "turns": .array(turns.map { $0.json { $0.json } }),
            "tool_calls": .array(toolCalls.map { $0.json { $0.json } }),
            "events": .array(events.map { $0.json { $0.json } }),
        ])
    }
}

extension CallHistory.Timed {
    fileprivate func json(_ members: (Value) -> JSONValue) -> JSONValue {
        JSONValue.object([.init("time_ms", .milliseconds(time - .zero))]).appending(members(value))
    }
}

extension Utterance {
    fileprivate var json: JSONValue {
        [
            "role": .string(speaker.rawValue), "turn": .integer(turn), "heard": .string(heard),
            "planned": .string(planned), "interrupted": .bool(isInterrupted),
        ]
    }
}

extension TurnRecord {
    fileprivate var json: JSONValue {
        let parts = parts.map { JSONValue.Member($0.name, .milliseconds($0.duration)) }
        return ["turn": .integer(turn.value), "gap_ms": .milliseconds(gap), "parts_ms": .object(parts)]
    }
}

extension ToolCall {
    fileprivate var json: JSONValue {
        [
            "turn": .integer(turn), "name": .string(name), "arguments": .string(arguments), "result": .text(result),
            "outcome": .string(outcome), "duration_ms": .milliseconds(duration),
        ]
    }
}

extension CallEvent {
    fileprivate var json: JSONValue {
        let members: [(String, JSONValue?)] = [
            ("kind", .string(kind)), ("turn", turn.map { .integer($0) }), ("name", name.map { .string($0) }),
            ("value", value.map { .number($0) }), ("text", text.map { .string($0) }),
        ]
        return .object(members.compactMap { key, value in value.map { JSONValue.Member(key, $0) } })
    }
}

extension JSONValue {
    fileprivate static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// Milliseconds to a microsecond.
    fileprivate static func milliseconds(_ duration: Duration?) -> JSONValue {
        duration.map { .number((Double($0.nanoseconds) / 1000).rounded() / 1000) } ?? .null
    }
}
