// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import NIOCore
import Testing

@testable import PipelineKit
@testable import Transports

/// Messages as the reference implementation has them (PyPI `pipecat-ai` 1.14.0, RTVI 2.2.0).
///
/// `client.jsonl` was written by its client-side classes. Every line of `server.jsonl` was read, in strict mode, by its
/// model of the same type; here it is shown that these lines are what a call sends.
@Suite struct RTVIReferenceTests {
    private static func golden(_ name: String) throws -> [JSONValue] {
        let directory = #filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex)
        let text = try String(contentsOfFile: "\(directory)/Golden/\(name).jsonl", encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
    }

    @Test func understandsWhatClientsSend() throws {
        let kinds = try Self.golden("client").map { message -> String in
            do throws(RTVIError) {
                switch try RTVIRequest(message.description.utf8).kind {
                case .ready(let version): return "ready \(version ?? "")"
                case .disconnect: return "disconnect"
                case .message(let name): return "message \(name)"
                case .text(let text): return "text \(text)"
                case .audio(let audio): return "audio \(audio.samples.readableBytes) \(audio.rateHz) \(audio.channels)"
                case .keys(let keys): return "keys " + keys.map { "\($0.digit)" }.joined()
                case .functionResult(let call): return "result \(call)"
                case .ignored: return "ignored"
                }
            } catch { return "refused: \(error.message)" }
        }
        #expect(
            kinds == [
                "ready 2.2.0", "text a haircut", "text a haircut", "keys 1*#", "message get", "result c1",
                "refused: this pipeline takes no files; send text or audio", "disconnect", "ignored", "audio 4 16000 1",
            ])
    }

    @Test func sendsWhatTheModelsRead() throws {
        var conversation = ScriptedConversation()
        let sent = conversation.notices.map(\.json)
        let golden = try Self.golden("server")
        for (ours, theirs) in zip(sent, golden) { #expect(ours == theirs) }
        #expect(sent.count == golden.count)
    }

    @Test func dividesWhatWasHeardAmongTheSentences() {
        var segments = RTVISegments()
        _ = segments.add("Never heard.")
        for text in ["One.", "Two three.", "Four."] { _ = segments.add(text) }
        let parts = segments.finish(planned: "One. Two three. Four.", heard: "One. Two")
        #expect(parts.map(\.segment.id) == [2, 3, 4])
        #expect(parts.map(\.heard) == ["One.", "Two", ""])
        #expect(segments.finish(planned: "Four.", heard: "Four.").isEmpty)
        for index in 0..<100 { _ = segments.add("\(index).") }
        #expect(segments.finish(planned: "35.", heard: "").isEmpty)
        #expect(segments.finish(planned: "99.", heard: "99.").map(\.heard) == ["99."])
    }
}

/// One of everything that is sent, in the order of a conversation.
private struct ScriptedConversation {
    private static let time = "2026-11-21T16:00:00.000Z"
    private static let turn = TurnID(1)
    private var events = RTVIEvents()

    var notices: [RTVINotice] {
        mutating get {
            events.type("tomorrow", request: "9")
            return [
                .ready(id: "7", version: RTVINotice.version),
                .refusal(RTVIError(nil, "a message is not JSON")),
                .refusal(RTVIError("7", "this pipeline takes no files; send text or audio")),
                .error("a part of the agent failed", isFatal: false),
            ] + listening() + calling() + speaking() + interrupted()
        }
    }

    private mutating func tell(_ list: [SessionEvent]) -> [RTVINotice] {
        list.flatMap { events.notices(of: $0, timestamp: Self.time) }
    }

    private mutating func listening() -> [RTVINotice] {
        tell([
            .turnStarted(Self.turn), .callerSpeaking(true), .heardCaller(Self.turn, text: "a hair", isFinal: false),
            .callerSpeaking(false), .heardCaller(Self.turn, text: "a haircut", isFinal: true),
        ])
    }

    /// Once as clients are told by default, once in full.
    private mutating func calling() -> [RTVINotice] {
        let call = ToolCall(id: "c1", name: "weather", arguments: #"{"city":"Oslo"}"#)
        let events: [SessionEvent] = [
            .toolStarted(call), .toolEnded(ToolResult(call, turn: Self.turn, .done, content: "3 degrees"), took: .zero),
        ]
        let brief = tell(events)
        self.events.tellsFunctions = true
        let broken = ToolCall(id: "c2", name: "weather", arguments: "{")
        return brief
            + tell(
                events + [
                    .toolStarted(broken),
                    .toolEnded(ToolResult(broken, turn: Self.turn, .cancelled, content: "Stopped."), took: .zero),
                ])
    }

    private mutating func say(_ text: String) -> [RTVINotice] {
        events.notices(of: Frame(SpokenWords(text, words: []), at: .zero))
    }

    private mutating func speaking() -> [RTVINotice] {
        let parts = [
            TurnRecord.Part(name: "model", duration: .milliseconds(120)),
            TurnRecord.Part(name: "own", duration: .milliseconds(1)),
        ]
        let record = TurnRecord(turn: Self.turn, gap: .milliseconds(121), parts: parts)
        return events.notices(of: Frame(ResponseStarted(turn: Self.turn), at: .zero)) + say("One two.")
            + tell([.agentSpeaking(true), .turn(record)]) + [.audio("AQACAA==", rateHz: 24000)] + say("Three four.")
    }

    private mutating func interrupted() -> [RTVINotice] {
        tell([
            .interruption(Interruption(reason: "the caller speaks", time: .zero, epoch: TurnEpoch())),
            .agentSpeaking(false),
            .spoke(Self.turn, heard: "One two. Three", planned: "One two. Three four.", isInterrupted: true),
            .heardCaller(Self.turn, text: "tomorrow", isFinal: true),
        ])
    }
}
