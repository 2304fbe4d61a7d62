// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import PipelineKit
import PipelineTesting
import Testing

@testable import Transports

/// What the operator's page asks for around a call.
@Suite struct OperatorRoutesTests {
    private func plan() -> CompiledPlan {
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Speaker(SpeakerParameters()))
        return builder.build()
    }

    private func parsed(_ answer: (status: Int, body: String)) throws -> JSONValue {
        try JSONValue(parsing: Array(answer.body.utf8))
    }

    @Test func saysBeforehandWhetherACallIsReal() async throws {
        try await TwilioRig.with(plan()) { rig in
            let real = try await rig.request(.GET, "/call/mode?phone_number=%2B15550101")
            #expect(try parsed(real) == ["mode": "real", "reason": "the number is called"])
            let nobody = try await rig.request(.GET, "/call/mode?phone_number=")
            #expect(
                try parsed(nobody) == ["mode": "simulated", "reason": "no telephone number was found"])
        }
        try await TwilioRig.with(plan(), configure: { $0.authToken = nil }) { rig in
            let answer = try parsed(try await rig.request(.GET, "/call/mode?phone_number=%2B15550101"))
            #expect(answer["mode"] == "simulated")
            #expect(answer["reason"]?.string?.contains("TWILIO_AUTH_TOKEN") == true)
        }
    }

    @Test func saysHowFarACallIs() async throws {
        try await TwilioRig.with(plan(), exchange: ScriptedExchange(.call("CA1"))) { rig in
            #expect(try await rig.request(.GET, "/call/status/CA1").status == 404)
            _ = try await rig.request(.POST, "/call/initiate", #"{"to": "+15550101"}"#)
            let fields = [("CallSid", "CA1"), ("CallStatus", "busy"), ("SequenceNumber", "2")]
            #expect(
                try parsed(try await rig.request(.GET, "/call/status/CA1"))
                    == ["call_sid": "CA1", "status": "initiated", "over": false, "answered_by": .null])
            _ = try await rig.post("/call/status", fields.map { (name: $0.0, value: $0.1) })
            #expect(
                try parsed(try await rig.request(.GET, "/call/status/CA1"))
                    == ["call_sid": "CA1", "status": "busy", "over": true, "answered_by": .null])
        }
    }

    @Test func wordsNeedSamplesAndARecogniser() async throws {
        try await TwilioRig.with(plan()) { rig in
            #expect(try await rig.request(.POST, "/call/words", "").status == 400)
            #expect(try await rig.request(.POST, "/call/words", "abc").status == 400)
            let answer = try await rig.request(.POST, "/call/words", "abcd")
            #expect(answer.status == 503 && answer.body.contains("type the task instead"))
        }
    }
}
