// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What the directory knows of a call.
struct CallEntry: Sendable {
    /// Something that one side said.
    struct Message: Sendable {
        /// `user` or `assistant`.
        var role: String
        /// What was heard.
        var text: String
        /// When, on the call's clock.
        var time: MediaTime
    }

    /// What a carrier says of a call that anybody may know who may see calls at all.
    ///
    /// Other attributes are the caller's own, and may be secrets.
    private static let shownAttributes = ["call_sid", "direction", "from", "to"]

    let id: String
    let transport: String
    let attributes: [String: String]
    let startedAt: Int
    var messages: [Message] = []
    var turns: [TurnRecord] = []
    var report: SessionReport?

    /// Begins the entry of a call.
    init(_ call: Call, startedAt: Int) {
        id = call.id
        transport = call.transport
        self.startedAt = startedAt
        attributes = call.attributes.filter { Self.shownAttributes.contains($0.key) }
    }

    /// The number at the far end.
    private var phoneNumber: String? { attributes[attributes["direction"] == "outbound" ? "to" : "from"] }

    /// The call in a list.
    var summary: JSONValue {
        JSONValue.object([
            .init("id", .string(id)), .init("transport", .string(transport)),
            .init("state", .string(report == nil ? "active" : "ended")), .init("connected", .bool(report == nil)),
            .init("started_at_ms", .integer(startedAt)),
            .init("phone_number", phoneNumber.map { .string($0) } ?? .null),
        ]).appending(
            .object(attributes.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
        ).appending(["messages": .array(messages.map(Self.json))])
    }

    /// Everything.
    var details: JSONValue {
        let turns = turns.map { turn in
            JSONValue.object([
                .init("turn", .string("\(turn.turn)")), .init("gap_ms", .number(turn.gap / .milliseconds(1))),
                .init("parts", .object(turn.parts.map { .init($0.name, .number($0.duration / .milliseconds(1))) })),
            ])
        }
        var details = summary.appending(["turns": .array(turns)])
        if let report {
            details = details.appending([
                "end_reason": .string(report.reason.name), "duration_ms": .number(report.duration / .milliseconds(1)),
            ])
        }
        return details
    }

    private static func json(_ message: Message) -> JSONValue {
        [
            "role": .string(message.role), "text": .string(message.text),
            "time_ms": .number((message.time - .zero) / .milliseconds(1)),
        ]
    }
}
