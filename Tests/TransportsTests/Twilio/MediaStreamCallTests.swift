// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import PipelineKit
import PipelineTesting
import Testing
import WebSockets

@testable import Transports

/// Says one thing when the call begins, until a key breaks it off.
private struct Announcer: Processor {
    static let name = "announcer"
    static let summary = "Says one thing at the beginning."

    private let length: Duration
    private let isGoodbye: Bool

    init(_ parameters: NoParameters) { self.init(.zero, isGoodbye: false) }

    init(_ length: Duration, isGoodbye: Bool) {
        self.length = length
        self.isGoodbye = isGoodbye
    }

    mutating func start(_ context: inout ProcessorContext) {
        if length > .zero { context.wake(at: context.now) }
    }

    mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        context.emit(ResponseStarted(turn: TurnID(0)))
        context.emit(ModelText("one"))
        context.emit(ResponseEnded(turn: TurnID(0), endsSession: isGoodbye))
    }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if frame[DTMF.self]?.digit == "#" { context.interrupt("a key") }
        context.emit(frame)
    }
}

/// Says the model's text in µ-law that can be told apart byte by byte.
private struct Voice: Processor {
    static let name = "voice"
    static let summary = "Speaks in known bytes."

    private let length: Duration

    init(_ parameters: NoParameters) { length = .zero }
    init(_ length: Duration) { self.length = length }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard frame[ModelText.self] != nil else { return context.emit(frame) }
        context.emit(SpokenWords("one", words: [TimedWord("one", start: .zero, end: length)]))
        let count = length.sampleCount(rate: 8000)
        let audio = Audio(format: MediaStreamMessage.format, sampleCount: count, byteCount: count) { bytes in
            for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index / 7) }
        }
        context.emit(audio, at: context.now)
    }
}

@Suite struct MediaStreamCallTests {
    private let log = FrameLog()

    private func plan(_ length: Duration = .zero, isGoodbye: Bool = false) -> CompiledPlan {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        let log = log
        builder.add(Tap(log))
        builder.add(Announcer(length, isGoodbye: isGoodbye))
        builder.add(Voice(length))
        builder.add(Speaker(SpeakerParameters()))
        return builder.build()
    }

    @Test func theGoodbyeIsHeardAndThenTheCallEnds() async throws {
        let exchange = ScriptedExchange(.call("CA1"))
        try await TwilioRig.with(plan(.milliseconds(700), isGoodbye: true), exchange: exchange) { rig in
            let client = StreamClient()
            try await rig.openStream(client, rig.instructions())
            await client.waitForEnd()
            #expect(client.closeCode == .normal)
            #expect(client.sound == (0..<5600).map { UInt8(truncatingIfNeeded: $0 / 7) })
            #expect(client.messages.allSatisfy { $0["streamSid"]?.string == "MZ1" })
            // One mark after half a second, one at the end.
            let marks = client.messages.enumerated().filter { $0.element["event"] == "mark" }.map(\.offset)
            #expect(marks == [25, 36])
            let call = try #require(rig.host.sessions.all.first?.call)
            #expect(call.attributes["from"] == "+15550101" && call.attributes["call_sid"] == "CA1")
            // What the stream says comes last.
            #expect(call.attributes["tenant"] == "7" && call.attributes["direction"] == "inbound")
            #expect(try await rig.post("/call/after", TwilioRig.ringing("CA1")).body.contains("<Hangup/>"))
        }
        #expect(exchange.requests == ["POST /Accounts/AC1/Calls/CA1.json Status=completed"])
    }

    @Test func whatTheCallerSendsIsPlacedByItsTime() async throws {
        try await TwilioRig.with(plan()) { rig in
            let client = StreamClient()
            try await rig.openStream(client, rig.instructions())
            client.send(
                StreamClient.media(1, 0, code: 1), StreamClient.media(2, 20, code: 2),
                StreamClient.media(2, 20, code: 2),
                StreamClient.media(5, 80, code: 5), StreamClient.media(4, 60, code: 4),
                #"{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"4"}}"#, "not json", #"{"event":"new"}"#,
                #"{"event":"stop","stop":{"callSid":"CA1"}}"#)
            #expect(await rig.host.sessions.waitForEnd() == ["hung_up"])
            let frames = log.frames.filter { $0.audio != nil }
            let codes = frames.compactMap { $0.audio?.withBytes { $0.first } }
            #expect(codes == [1, 2, 0xFF, 0xFF, 5])
            #expect(log.frames.compactMap { $0[DTMF.self]?.digit } == ["4"])
        }
    }

    @Test func aKeyBreaksTheAgentOffAndTheCarrierClears() async throws {
        try await TwilioRig.with(plan(.seconds(30))) { rig in
            let client = StreamClient(echoesMarks: false)
            try await rig.openStream(client, rig.instructions())
            await client.wait { $0.count >= 3 }
            client.send(##"{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"#"}}"##)
            await client.wait { $0.contains { $0["event"] == "clear" } }
            #expect(client.messages.last?["event"] == "clear")
            #expect(client.sound.count < 8000)
            client.send(#"{"event":"stop"}"#)
            _ = await rig.host.sessions.waitForEnd()
        }
    }

    @Test func aSocketThatBreaksEndsTheCall() async throws {
        try await TwilioRig.with(plan(.seconds(30))) { rig in
            let client = StreamClient()
            try await rig.openStream(client, rig.instructions())
            await client.wait { !$0.isEmpty }
            client.hangUp()
            #expect(await rig.host.sessions.waitForEnd() == ["hung_up"])
        }
    }

    // MARK: Strangers

    @Test func aStreamWithoutAGoodTokenIsRefused() async throws {
        try await TwilioRig.with(plan()) { rig in
            let instructions = try await rig.instructions()
            let address = try #require(instructions.between(#"<Stream url=""#, #"""#))
            let token = instructions.between(#"name="token" value=""#, #"""#)
            for start in [
                StreamClient.start(token: nil), StreamClient.start(token: "guess"),
                StreamClient.start(token: token, call: "CA2"), StreamClient.start(token: token),
            ] {
                let client = StreamClient()
                try await rig.open(client, address)
                client.send(start)
                await client.waitForEnd()
                // The third one has used the token up.
                #expect(client.closeCode == .policyViolation)
            }
            #expect(rig.host.sessions.all.isEmpty)
        }
    }

    @Test func whatIsNotSignedIsRefused() async throws {
        try await TwilioRig.with(plan()) { rig in
            for path in ["/voice", "/call/status", "/call/machine", "/call/after", "/call/transferred"] {
                #expect(try await rig.post(path, TwilioRig.ringing("CA1"), signature: "").status == 403)
                #expect(try await rig.request(.POST, path).status == 403)
            }
            let address = rig.url("/twilio/media").replacing("http:", with: "ws:")
            await #expect(throws: WebSocketError.self) { try await rig.open(StreamClient(), address, signature: "x") }
            try await rig.open(StreamClient(), address)
        }
    }

    @Test func tooMuchNonsenseEndsTheStream() async throws {
        try await TwilioRig.with(plan()) { rig in
            let client = StreamClient()
            try await rig.open(client, rig.url("/twilio/media").replacing("http:", with: "ws:"))
            for _ in 0..<60 { client.send("{") }
            await client.waitForEnd()
            #expect(client.closeCode == .policyViolation)
        }
    }

    // MARK: Transfer

    @Test func aCallerWhoseTransferFailsComesBack() async throws {
        try await TwilioRig.with(plan()) { rig in
            let client = StreamClient()
            try await rig.openStream(client, rig.instructions())
            await rig.waitForCall()
            let answer = try await rig.request(.POST, "/calls/CA1/transfer", #"{"to":"+15550102"}"#)
            #expect(answer.status == 202)
            await client.waitForEnd()
            let dial = try await rig.post("/call/after", TwilioRig.ringing("CA1")).body
            #expect(dial.contains("<Number>+15550102</Number>") && dial.contains("/call/transferred"))
            let back = try await rig.post("/call/transferred", TwilioRig.ringing("CA1") + [("DialCallStatus", "busy")])
                .body
            let again = StreamClient()
            try await rig.openStream(again, back)
            await rig.host.sessions.waitForBegin(count: 2)
            #expect(rig.host.sessions.all.last?.call.attributes["transfer_failed"] == "busy")
            let over = try await rig.post(
                "/call/transferred", TwilioRig.ringing("CA1") + [("DialCallStatus", "completed")])
            #expect(over.body.contains("<Hangup/>"))
        }
    }
}
