// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A message to an RTVI client.
struct RTVINotice: Equatable {
    /// The version of the protocol that is spoken here.
    static let version = "2.2.0"

    /// What it tells.
    var type: String
    /// The id of the request that it answers.
    var id: String?
    /// Its contents; `nil` for messages that have none.
    var data: JSONValue?

    init(_ type: String, id: String? = nil, _ data: JSONValue? = nil) {
        self.type = type
        self.id = id
        self.data = data
    }

    /// The message; what has no value is left out.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("label", .string(RTVIRequest.label)), .init("type", .string(type)),
        ]
        if let id { members.append(.init("id", .string(id))) }
        if let data { members.append(.init("data", data)) }
        return .object(members)
    }

    /// The pipeline is ready, in the version that the client speaks if that is an old one.
    static func ready(id: String, version: String) -> RTVINotice {
        RTVINotice(
            "bot-ready", id: id,
            [
                "version": .string(version),
                "about": ["library": "voice-pipeline", "library_version": "1.0"],
                "capabilities": [
                    "audio_in": true, "audio_out": true, "video_in": false, "screen_in": false, "video_out": false,
                    "metrics": true,
                ],
            ])
    }

    /// A request could not be carried out; its kind of message has an id even where the request had none.
    static func refusal(_ error: RTVIError) -> RTVINotice {
        RTVINotice("error-response", id: error.id ?? "", ["error": .string(error.message)])
    }

    /// Something went wrong; a fatal error ends the call.
    static func error(_ message: String, isFatal: Bool) -> RTVINotice {
        // The protocol calls it `error`, and the web client reads `message`.
        RTVINotice(
            "error", ["error": .string(message), "message": .string(message), "fatal": .bool(isFatal)])
    }

    /// What the user said so far.
    static func transcription(_ text: String, isFinal: Bool, timestamp: String) -> RTVINotice {
        RTVINotice(
            "user-transcription",
            [
                "text": .string(text), "user_id": "", "timestamp": .string(timestamp), "final": .bool(isFinal),
            ])
    }

    /// The same for clients of newer versions, which learn here whether the user spoke or typed; `request` is the id of
    /// the message that brought typed words.
    static func input(_ text: String, isFinal: Bool, timestamp: String, typed request: String?) -> RTVINotice {
        let common: JSONValue = [
            "text": .string(text), "input_type": request == nil ? "transcription" : "chat",
            "timestamp": .string(timestamp), "final": .bool(isFinal),
        ]
        return RTVINotice(
            "user-input", common.appending(request.map { ["msg_id": .string($0)] } ?? ["user_id": ""]))
    }

    /// A text alone, such as of `bot-tts-text`.
    static func text(_ type: String, _ text: String) -> RTVINotice { RTVINotice(type, ["text": .string(text)]) }

    /// A sentence of the agent that is going to be spoken.
    static func output(_ segment: RTVISegment, isLegacy: Bool) -> RTVINotice {
        let head = head(segment)
        return RTVINotice(
            "bot-output",
            isLegacy
                ? head.appending(["spoken": true])
                : head.appending([
                    "will_be_spoken": true, "spoken_status": "new", "spoken_progress": progress("", segment),
                ]))
    }

    /// How much of a sentence was heard, when no more of it will be.
    static func outputEnd(_ segment: RTVISegment, heard: String) -> RTVINotice {
        let status: JSONValue = heard == segment.text ? "completed" : "in-progress"
        return RTVINotice(
            "bot-output",
            head(segment).appending([
                "will_be_spoken": true, "spoken_status": status, "spoken_progress": progress(heard, segment),
            ]))
    }

    private static func head(_ segment: RTVISegment) -> JSONValue {
        [
            "text": .string(segment.text), "output_type": "sentence", "text_type": "sentence",
            "aggregated_by": "sentence", "segment_id": .integer(segment.id),
        ]
    }

    private static func progress(_ heard: String, _ segment: RTVISegment) -> JSONValue {
        ["accumulated_text": .string(heard), "remaining_text": .string(String(segment.text.dropFirst(heard.count)))]
    }

    /// The model wants a function called, and the call is under way.
    ///
    /// - Parameter isTold: Whether the client may know more than the call's id.
    static func started(_ call: ToolCall, isTold: Bool) -> [RTVINotice] {
        let name: JSONValue = isTold ? ["function_name": .string(call.name)] : [:]
        var details: JSONValue = [:]
        if isTold, let arguments = try? JSONValue(parsing: call.arguments.utf8), case .object = arguments {
            details = ["arguments": arguments]
        }
        let id: JSONValue = ["tool_call_id": .string(call.id)]
        return [
            RTVINotice("llm-function-call-started", name),
            RTVINotice("llm-function-call-in-progress", id.appending(name).appending(details)),
        ]
    }

    /// A call of a function is over.
    static func stopped(_ result: ToolResult, isTold: Bool) -> RTVINotice {
        let details: JSONValue =
            isTold ? ["function_name": .string(result.call.name), "result": .string(result.content)] : [:]
        let end: JSONValue = [
            "tool_call_id": .string(result.call.id), "cancelled": .bool(result.outcome == .cancelled),
        ]
        return RTVINotice("llm-function-call-stopped", end.appending(details))
    }

    /// The agent's sound, for clients that take no binary messages.
    static func audio(_ base64: String, rateHz: Int) -> RTVINotice {
        RTVINotice(
            "bot-tts-audio", ["audio": .string(base64), "sample_rate": .integer(rateHz), "num_channels": 1])
    }

    /// Where the time of a turn went, in seconds.
    static func metrics(_ record: TurnRecord) -> RTVINotice {
        let value = { (name: String, duration: Duration) -> JSONValue in
            let seconds = (duration.milliseconds * 10).rounded() / 10_000
            return ["processor": .string(name), "value": .number(seconds)]
        }
        let first = record.parts.filter { ["transcription", "model", "synthesis"].contains($0.name) }
        return RTVINotice(
            "metrics",
            [
                "ttfb": .array(first.map { value($0.name, $0.duration) }),
                "processing": .array([value("turn", record.gap)] + record.parts.map { value($0.name, $0.duration) }),
            ])
    }
}
