// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import PipelineKit
import PipelineTesting
import Testing
import WebSockets

@testable import Transports

/// What people and programs ask for, over HTTP.
@Suite struct CallRequestTests {
    private func plan() -> CompiledPlan {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        return builder.build()
    }

    /// The two curl lines of the user's own documents; the plus of the first is not encoded.
    @Test(arguments: [
        ("/call/initiate?phone_number=+1234567890", ""), ("/call/initiate", #"{"to": "+1234567890"}"#),
        ("/call/initiate?phone_number=%2B1234567890", ""),
    ])
    func bothFormsPlaceACall(path: String, body: String) async throws {
        let exchange = ScriptedExchange(.call("CA9", to: "+1234567890"))
        try await TwilioRig.with(plan(), exchange: exchange) { rig in
            let answer = try await rig.request(.POST, path, headers: ["content-type": "application/json"], body)
            #expect(answer.status == 200)
            #expect(
                try JSONValue(parsing: Array(answer.body.utf8))
                    == [
                        "call_sid": "CA9", "status": "initiated", "phone_number": "+1234567890", "mode": "real",
                        "reason": "the number is called",
                    ])
            let voice = FormText.encoded(rig.url("/voice"))
            #expect(exchange.requests.count == 1 && exchange.requests[0].contains("Url=\(voice)&"))
        }
    }

    @Test func aKeyPlacesOneCall() async throws {
        let exchange = ScriptedExchange(.call("CA1"), .call("CA2"))
        try await TwilioRig.with(plan(), exchange: exchange) { rig in
            for _ in 0..<3 {
                let answer = try await rig.request(
                    .POST, "/call/initiate", headers: ["idempotency-key": "k"], #"{"to": "+15550101"}"#)
                #expect(answer.status == 200 && answer.body.contains("CA1"))
            }
            let other = try await rig.request(
                .POST, "/call/initiate", headers: ["idempotency-key": "k"], #"{"to": "+15550102"}"#)
            #expect(other.status == 422 && exchange.requests.count == 1)
        }
    }

    @Test(arguments: [
        ("", 400), ("{}", 400), (#"{"to": 5}"#, 400), (#"{"to": "5550101"}"#, 400),
        (#"{"to": "+15550101", "summary_to": "x"}"#, 400),
        ("[", 400),
    ])
    func saysWhatIsWrong(body: String, status: Int) async throws {
        let exchange = ScriptedExchange()
        try await TwilioRig.with(plan(), exchange: exchange) { rig in
            let answer = try await rig.request(.POST, "/call/initiate", body)
            #expect(answer.status == status && answer.body.contains("error"))
            #expect(exchange.requests == [])
        }
    }

    @Test func namesWhatIsMissing() async throws {
        let exchange = ScriptedExchange()
        try await TwilioRig.with(plan(), exchange: exchange) {
            $0.phoneNumber = nil
        } _: { rig in
            let answer = try await rig.request(.POST, "/call/initiate", #"{"to": "+15550101"}"#)
            #expect(answer.status == 503 && answer.body.contains("TWILIO_PHONE_NUMBER"))
            #expect(exchange.requests == [])
        }
    }

    @Test func twilioMustBeAbleToCallBack() async throws {
        let exchange = ScriptedExchange()
        try await TwilioRig.with(plan(), exchange: exchange) {
            $0.apiURL = "https://api.twilio.com/2010-04-01"
        } _: { rig in
            let answer = try await rig.request(.POST, "/call/initiate", #"{"to": "+15550101"}"#)
            #expect(answer.status == 503 && answer.body.contains("server.public_url"))
            #expect(exchange.requests == [])
        }
    }

    @Test func passesTwilioRefusalsOn() async throws {
        try await TwilioRig.with(plan(), exchange: ScriptedExchange(.refusal(400, 21211))) { rig in
            let answer = try await rig.request(.POST, "/call/initiate", #"{"to": "+15550101"}"#)
            #expect(answer.status == 422 && answer.body.contains("21211"))
        }
    }

    /// Busy, then the end of a call that was answered, then its stream: one message each.
    @Test func aCallIsSummedUpOnceWhateverEndsIt() async throws {
        let exchange = ScriptedExchange(.call("CA1"), .call("SM1"), .call("SM2"))
        try await TwilioRig.with(plan(), exchange: exchange) { rig in
            let wanted = #"{"to": "+15550101", "summary_to": "+15550199", "task": "Book & pay"}"#
            #expect(try await rig.request(.POST, "/call/initiate", wanted).status == 200)
            let client = StreamClient()
            try await rig.openStream(client, rig.instructions())
            await rig.waitForCall()
            #expect(rig.host.sessions.all.first?.call.attributes["task"] == "Book & pay")
            let machine = TwilioRig.ringing("CA1") + [("AnsweredBy", "machine_start")]
            #expect(try await rig.post("/call/machine", machine).status == 204)
            let over = TwilioRig.ringing("CA1").filter { $0.name != "CallStatus" } + [("CallStatus", "completed")]
            for _ in 0..<3 { #expect(try await rig.post("/call/status", over).status == 204) }
            #expect(await rig.host.sessions.waitForEnd() == ["hung_up"])
        }
        let messages = exchange.requests.filter { $0.contains("Messages.json") }
        #expect(messages.count == 1 && messages[0].contains("To=%2B15550199&"))
        #expect(messages[0].contains("Task%3A%20Book%20%26%20pay"))
    }

    @Test func aCallCanBeEnded() async throws {
        try await TwilioRig.with(plan()) { rig in
            #expect(try await rig.request(.POST, "/calls/CA1/hangup").status == 404)
            let client = StreamClient()
            try await rig.openStream(client, rig.instructions())
            await rig.waitForCall()
            client.send(StreamClient.media(1, 0, code: 1))
            let status = try await rig.request(.POST, "/calls/CA1/hangup").status
            #expect(status == 204)
            #expect(await rig.host.sessions.waitForEnd() == ["cancelled"])
            await client.waitForEnd()
            #expect(client.closeCode == .normal)
        }
    }
}
