// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

@testable import CallRecords

extension CallHeader {
    /// A call as a carrier brings it.
    static func example(
        _ serial: Int, id: String? = nil, from: String = "+15550100", to: String = "+15550199", began: Int64 = 1_000_000
    ) -> CallHeader {
        CallHeader(
            serial: serial, id: id ?? "CA\(serial)", pipeline: "front_desk", transport: "twilio", from: from, to: to,
            direction: "inbound", attributes: ["call_sid": id ?? "CA\(serial)", "campaign": "autumn"],
            began: WallTime(milliseconds: began))
    }
}

extension CallEntry {
    /// The entries of a whole call, of every kind.
    static func example(_ call: CallHeader, end: Bool = true) -> [CallEntry] {
        let turn = TurnRecord(
            turn: TurnID(1), gap: .nanoseconds(812_000_001),
            parts: [
                .init(name: "endpointing", duration: .milliseconds(400)),
                .init(name: "own", duration: .nanoseconds(412_000_001)),
            ])
        var items: [CallItem] = [
            .began, .event(CallEvent("turn_started", turn: 1)),
            .utterance(Utterance(.caller, turn: 1, heard: "An appointment, please.")), .turn(turn),
            .toolCall(
                ToolCall(
                    turn: 1, name: "calendar", arguments: #"{"day":"monday"}"#, result: nil, outcome: "timed_out",
                    duration: .seconds(2))),
            .event(CallEvent("metric", name: "level_dbfs", value: -23.5)),
            .utterance(
                Utterance(.agent, turn: 1, heard: "We have", planned: "We have ten o'clock.", isInterrupted: true)),
            .event(CallEvent("interruption", text: "caller spoke")),
        ]
        if end { items.append(.ended(.example)) }
        return items.enumerated().map { sequence, item in
            CallEntry(call, sequence: sequence, at: MediaTime(nanoseconds: Int64(sequence) * 1_000_000_000), item)
        }
    }
}

extension CallEnd {
    static let example = CallEnd(
        reason: "hung_up", duration: .seconds(9), time: WallTime(milliseconds: 1_009_000),
        recording: "/calls/CA1.wav", lostEntries: 0)
}

extension CallHistory {
    /// What a store makes of ``CallEntry/example(_:end:)``.
    static func example(_ call: CallHeader, end: Bool = true) -> CallHistory {
        var history = CallHistory(
            RecordedCall(
                call, state: end ? .ended : .active, end: end ? .example : nil, turnCount: 1,
                longestGap: .nanoseconds(812_000_001)))
        for entry in CallEntry.example(call) {
            switch entry.item {
            case .began, .ended: break
            case .utterance(let utterance): history.utterances.append(.init(entry.time, utterance))
            case .turn(let turn): history.turns.append(.init(entry.time, turn))
            case .toolCall(let call): history.toolCalls.append(.init(entry.time, call))
            case .event(let event): history.events.append(.init(entry.time, event))
            }
        }
        return history
    }
}
