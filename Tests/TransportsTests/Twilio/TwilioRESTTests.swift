// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization
import Testing

@testable import Transports

@Suite struct TwilioRESTTests {
    private static let path = "/Accounts/AC1/Calls.json"

    private static let call = NewCall(
        to: "+15550101", from: "+15550100", url: "https://a.example/voice?x=1", statusCallback: "https://a.example/s",
        ringing: .seconds(30), machineDetection: .off, machineCallback: "https://a.example/m")

    private func client(_ exchange: ScriptedExchange, _ pauses: Pauses = Pauses()) -> TwilioREST {
        TwilioREST(exchange, account: "AC1", sleep: { pauses.add($0) }, wallClock: { 1_785_442_351 })
    }

    /// Remembers how long was waited, and waits for nothing.
    private final class Pauses: Sendable {
        private let all = Mutex<[Duration]>([])
        var durations: [Duration] { all.withLock { $0 } }
        func add(_ duration: Duration) { all.withLock { $0.append(duration) } }
    }

    private func posts(_ exchange: ScriptedExchange) -> Int { exchange.requests.filter { $0.hasPrefix("POST") }.count }

    @Test func placesACall() async throws {
        let exchange = ScriptedExchange(.call("CA1"))
        let placed = try await client(exchange).place(Self.call)
        #expect(placed.sid == "CA1" && placed.status == "queued")
        #expect(
            exchange.requests == [
                "POST \(Self.path) To=%2B15550101&From=%2B15550100&Url=https%3A%2F%2Fa.example%2Fvoice%3Fx%3D1"
                    + "&StatusCallback=https%3A%2F%2Fa.example%2Fs&StatusCallbackEvent=initiated"
                    + "&StatusCallbackEvent=ringing&StatusCallbackEvent=answered&StatusCallbackEvent=completed&Timeout=30"
            ])
    }

    @Test func asksForMachineDetectionBesideTheCall() {
        var call = Self.call
        call.machineDetection = .messageEnd
        #expect(
            call.form.hasSuffix(
                "&MachineDetection=DetectMessageEnd&AsyncAmd=true&AsyncAmdStatusCallback=https%3A%2F%2Fa.example%2Fm"))
    }

    @Test func repeatsWhatTwilioDidNotGet() async throws {
        let pauses = Pauses()
        let exchange = ScriptedExchange(
            .failure(.notSent("refused")), .refusal(429, 20429, retryAfter: .seconds(3)), .call("CA1"))
        #expect(try await client(exchange, pauses).place(Self.call).sid == "CA1")
        #expect(posts(exchange) == 3)
        #expect(pauses.durations.count == 2 && pauses.durations[1] >= .seconds(3))
    }

    @Test func looksUpACallBeforeItIsRepeated() async throws {
        let exchange = ScriptedExchange(.failure(.mayBeDone("cut")), .calls(), .calls("CA7"))
        #expect(try await client(exchange).place(Self.call).sid == "CA7")
        #expect(posts(exchange) == 1)
        #expect(exchange.requests[1] == "GET \(Self.path)?To=%2B15550101&From=%2B15550100&PageSize=50 ")
    }

    @Test func repeatsACallThatWasNotPlaced() async throws {
        let exchange = ScriptedExchange(
            .failure(.mayBeDone("cut")), .calls(), .calls(), .calls(), .call("CA2"))
        #expect(try await client(exchange).place(Self.call).sid == "CA2")
        #expect(posts(exchange) == 2)
    }

    @Test func neverRepeatsACallThatCannotBeLookedUp() async throws {
        let exchange = ScriptedExchange(.failure(.mayBeDone("cut")))
        let error = await #expect(throws: TwilioError.self) { try await client(exchange).place(Self.call) }
        #expect(error?.code == .unknownOutcome && posts(exchange) == 1)
    }

    @Test func takesNoOlderCallForItsOwn() async throws {
        let old = "Thu, 30 Jul 2026 20:00:00 +0000"
        let new = "Thu, 30 Jul 2026 20:12:32 +0000"
        let exchange = ScriptedExchange(
            .call("CA1"), .failure(.mayBeDone("cut")), .calls("CA0", at: old), .calls("CA1"), .calls("CA2", at: new))
        let client = client(exchange)
        #expect(try await client.place(Self.call).sid == "CA1")
        #expect(try await client.place(Self.call).sid == "CA2")
        #expect(posts(exchange) == 2)
    }

    @Test(arguments: [
        (400, 21211, TwilioError.Code.invalidNumber), (400, 21219, .notPermitted), (400, 21215, .notPermitted),
        (401, 20003, .authentication), (404, 20404, .notFound), (400, 21220, .notFound), (400, 21205, .rejected),
        (403, 0, .notPermitted), (418, 0, .rejected),
    ])
    func saysWhyACallWasRefused(status: Int, number: Int, code: TwilioError.Code) async {
        let exchange = ScriptedExchange(.refusal(status, number))
        let error = await #expect(throws: TwilioError.self) { try await client(exchange).place(Self.call) }
        #expect(error?.code == code && error?.twilioCode == number && error?.status == status && posts(exchange) == 1)
    }

    @Test func givesUpAtLast() async {
        let exchange = ScriptedExchange()
        let error = await #expect(throws: TwilioError.self) { try await client(exchange).place(Self.call) }
        #expect(error?.code == .unreachable && posts(exchange) == 4)
    }

    @Test func aCallThatIsOverNeedsNoEnd() async throws {
        for refusal in [ScriptedExchange.Step.refusal(404, 20404), .refusal(400, 21220)] {
            let exchange = ScriptedExchange(refusal)
            try await client(exchange).hangUp("CA1")
            #expect(exchange.requests == ["POST /Accounts/AC1/Calls/CA1.json Status=completed"])
        }
        let exchange = ScriptedExchange(.failure(.mayBeDone("cut")), .call("CA1"))
        try await client(exchange).hangUp("CA1")
        #expect(posts(exchange) == 2)
    }

    @Test func sendsAMessageOnceAtMost() async {
        let exchange = ScriptedExchange(.failure(.mayBeDone("cut")))
        let error = await #expect(throws: TwilioError.self) {
            try await client(exchange).sendMessage(to: "+15550102", from: "+15550100", body: "Hi & é")
        }
        #expect(error?.code == .unknownOutcome)
        #expect(
            exchange.requests == [
                "POST /Accounts/AC1/Messages.json To=%2B15550102&From=%2B15550100&Body=Hi%20%26%20%C3%A9"
            ])
    }

    @Test(arguments: [
        ("Thu, 30 Jul 2026 20:12:31 +0000", 1_785_442_351), ("Thu, 01 Jan 1970 00:00:00 +0000", 0),
        ("Thu, 29 Feb 2024 01:00:00 +0100", 1_709_164_800), ("", nil), ("30 Jul 2026", nil),
        ("Thu, 99 Jul 2026 20:12:31 +0000", nil), ("Thu, 30 Jul 2026 20:12:31 +99999999999999999999", nil),
    ])
    func readsTheDatesOfMail(text: String, seconds: Int?) {
        #expect(MailDate.seconds(of: text) == seconds)
    }
}
