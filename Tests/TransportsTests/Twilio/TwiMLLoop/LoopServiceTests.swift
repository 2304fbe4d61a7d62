// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Transports

/// The loop of webhooks over the loopback.
@Suite(.timeLimit(.minutes(1))) struct LoopServiceTests {
    private func rig<Result: Sendable>(
        _ configure: @escaping @Sendable (inout TwilioParameters) -> Void = { _ in },
        _ body: (TwilioRig) async throws -> Result
    ) async throws -> Result {
        try await TwilioRig.with(Parrot.plan) { parameters in
            parameters.mode = .twiml
            configure(&parameters)
        } _: { rig in
            try await body(rig)
        }
    }

    private typealias Fields = [(name: String, value: String)]

    private func post(_ rig: TwilioRig, _ url: String, _ fields: Fields) async throws -> String {
        let path = url.replacing("&amp;", with: "&").replacing(rig.server.url, with: "")
        let answer = try await rig.post(path, [("CallSid", "CA1")] + fields)
        #expect(answer.status == 200)
        return answer.body
    }

    private func action(_ document: String) throws -> String { try #require(document.between(#"action=""#, #"""#)) }

    @Test(arguments: ["/voice", "/twiml/initial"])
    func fiveTurnsAndAGoodbye(path: String) async throws {
        try await rig { rig in
            var document = try await rig.post(path, TwilioRig.ringing("CA1")).body
            #expect(document.contains("<Say>Hello.</Say>"))
            for number in 1...5 {
                document = try await post(rig, action(document), [("SpeechResult", "number \(number) <&>")])
                #expect(document.contains("<Say>You said number \(number) &lt;&amp;&gt;</Say></Gather>"))
            }
            document = try await post(rig, action(document), [("SpeechResult", "goodbye")])
            #expect(document.hasSuffix("<Response><Say>You said goodbye</Say><Hangup/></Response>"))
            #expect(await rig.host.sessions.waitForEnd() == ["agent_ended"])
            let call = try #require(rig.host.sessions.all.first?.call)
            #expect(call.attributes["call_sid"] == "CA1" && call.attributes["from"] == "+15550101")
        }
    }

    @Test func theBriefsOwnPathsWork() async throws {
        try await rig { rig in
            _ = try await rig.post("/twiml/initial", TwilioRig.ringing("CA1"))
            let reply = try await post(rig, "/handle/recording", [("SpeechResult", "hello")])
            #expect(reply.contains("You said hello"))
            let status = try await rig.post("/call/status", [("CallSid", "CA1"), ("CallStatus", "completed")])
            #expect(status.status == 204)
            #expect(await rig.host.sessions.waitForEnd() == ["hung_up"])
        }
    }

    @Test func manyRequestsForOneCallMakeOneSession() async throws {
        try await rig { rig in
            let documents = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<6 { group.addTask { try await rig.post("/voice", TwilioRig.ringing("CA1")).body } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(documents).count == 1)
            #expect(rig.host.sessions.all.count == 1)
            await rig.host.sessions.all[0].end(.hungUp)
        }
    }

    @Test func transcriptionsComeBesideTheLoop() async throws {
        try await rig({ $0.loop.listening = .transcription }) { rig in
            let document = try await rig.post("/voice", TwilioRig.ringing("CA1")).body
            #expect(document.contains(#"transcribe="true""#))
            let transcription: Fields = [
                ("CallSid", "CA1"), ("RecordingSid", "RE1"), ("TranscriptionSid", "TR1"),
                ("TranscriptionStatus", "completed"), ("TranscriptionText", "one"),
            ]
            #expect(try await rig.post("/handle/recording", transcription).status == 204)
            let reply = try await post(
                rig, action(document), [("RecordingSid", "RE1"), ("RecordingUrl", "https://api.twilio.com/RE1")])
            #expect(reply.contains("<Say>You said one</Say><Record"))
            #expect(try await rig.post("/handle/transcription", transcription).status == 204)
            await rig.host.sessions.all[0].end(.hungUp)
        }
    }

    @Test func whatIsNotTwiliosOrNoCallsIsRefused() async throws {
        try await rig { rig in
            for path in ["/voice", "/twiml/initial", "/handle/recording", "/handle/transcription"] {
                #expect(try await rig.post(path, TwilioRig.ringing("CA1"), signature: "forged").status == 403)
            }
            #expect(try await rig.post("/voice", [("From", "+1")]).status == 400)
            let unknown = try await rig.post("/handle/recording", [("CallSid", "CA9"), ("SpeechResult", "hello")])
            #expect(unknown.body.hasSuffix("<Say>Thank you for calling. Goodbye.</Say><Hangup/></Response>"))
            #expect(rig.host.sessions.all.isEmpty)
        }
    }

    @Test func recordingsOfForeignHostsAreNotFetched() async throws {
        try await rig({ $0.loop.listening = .recogniser }) { rig in
            let document = try await rig.post("/voice", TwilioRig.ringing("CA1")).body
            let reply = try await post(
                rig, action(document), [("RecordingSid", "RE1"), ("RecordingUrl", "http://127.0.0.2/RE1")])
            #expect(reply.contains(LoopParameters.template.reprompt))
            await rig.host.sessions.all[0].end(.hungUp)
        }
    }
}
