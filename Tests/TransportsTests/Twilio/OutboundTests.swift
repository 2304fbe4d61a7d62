// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Transports

@Suite struct OutboundTests {
    private static func parameters() -> TwilioParameters {
        var parameters = TwilioParameters()
        parameters.accountSID = "AC1"
        parameters.authToken = Secret("token")
        parameters.phoneNumber = "+15550100"
        parameters.outbound.summaryTo = "+15550199"
        return parameters
    }

    private func calls(
        _ exchange: ScriptedExchange, _ parameters: TwilioParameters = Self.parameters()
    ) -> OutboundCalls {
        OutboundCalls(parameters, TwilioREST(exchange, account: "AC1", sleep: { _ in }))
    }

    private func request(_ number: String = "+15550101", key: String? = nil) throws -> CallRequest {
        CallRequest(to: try PhoneNumber(number), key: key)
    }

    // MARK: Placing

    @Test func aKeyPlacesOneCallHoweverOftenItComes() async throws {
        let exchange = ScriptedExchange(.call("CA1"), .call("CA2"))
        let calls = calls(exchange)
        let request = try request(key: "k")
        let sids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 {
                group.addTask { try await calls.place(request, base: "https://a.example").sid }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(sids == ["CA1"] && exchange.requests.count == 1)
        #expect(try await calls.place(self.request(key: "other"), base: "https://a.example").sid == "CA2")
    }

    @Test func aKeyIsForOneRequestAlone() async throws {
        let calls = calls(ScriptedExchange(.call("CA1")))
        _ = try await calls.place(request(key: "k"), base: "https://a.example")
        let error = await #expect(throws: TwilioError.self) {
            try await calls.place(self.request("+15550102", key: "k"), base: "https://a.example")
        }
        #expect(error?.code == .rejected)
    }

    @Test func aRefusedCallMayBeTriedAgainWithItsKey() async throws {
        let exchange = ScriptedExchange(.refusal(400, 21211), .call("CA1"))
        let calls = calls(exchange)
        let request = try request(key: "k")
        await #expect(throws: TwilioError.self) { try await calls.place(request, base: "https://a.example") }
        #expect(try await calls.place(request, base: "https://a.example").sid == "CA1")
    }

    @Test func aCallThatMayHaveBeenPlacedIsNotTriedAgainWithItsKey() async throws {
        let exchange = ScriptedExchange(.failure(.mayBeDone("cut")))
        let calls = calls(exchange)
        let request = try request(key: "k")
        for _ in 0..<2 {
            let error = await #expect(throws: TwilioError.self) {
                try await calls.place(request, base: "https://a.example")
            }
            #expect(error?.code == .unknownOutcome)
        }
        #expect(exchange.requests.filter { $0.hasPrefix("POST") }.count == 1)
    }

    @Test func namesWhatIsMissingBeforeAnythingIsDialled() async throws {
        let exchange = ScriptedExchange(.call("CA1"))
        var parameters = TwilioParameters()
        parameters.accountSID = "AC1"
        let calls = calls(exchange, parameters)
        let error = await #expect(throws: TwilioError.self) {
            try await calls.place(self.request(), base: "https://a.example")
        }
        #expect(error?.code == .missingCredential && exchange.requests == [])
        #expect(error?.message.contains("TWILIO_AUTH_TOKEN") == true)
        #expect(error?.message.contains("TWILIO_PHONE_NUMBER") == true)
        #expect(error?.message.contains("TWILIO_ACCOUNT_SID") == false)
    }

    @Test(arguments: [
        (true, [String](), "real: the number is called"), (false, [], "simulated: no telephone number was found"),
        (true, ["auth_token"], "simulated: Twilio is not configured: auth_token missing"),
        (false, ["a", "b"], "simulated: no telephone number was found, and Twilio is not configured: a, b missing"),
    ])
    func saysWhyACallIsRealOrSimulated(hasNumber: Bool, missing: [String], text: String) {
        #expect(CallMode.choose(hasNumber: hasNumber, missing: missing).description == text)
    }

    @Test(arguments: [
        (CallMode.Wish.automatic, [], "real: the number is called"),
        (.automatic, ["auth_token"], "simulated: Twilio is not configured: auth_token missing"),
        (.simulated, [], "simulated: as asked for"), (.simulated, ["auth_token"], "simulated: as asked for"),
        (.real, [], "real: the number is called"),
    ])
    func aWishComesBeforeTheChoice(wish: CallMode.Wish, missing: [String], text: String) throws {
        #expect(try CallMode.choose(missing: missing, wish).description == text)
    }

    @Test func aRealCallThatIsNotPossibleIsNoSimulatedOne() {
        let error = #expect(throws: CallMode.NotPossible.self) {
            try CallMode.choose(missing: ["auth_token", "phone_number"], .real)
        }
        #expect(error?.description == "Twilio is not configured: auth_token, phone_number missing")
    }

    // MARK: Summaries

    @Test(arguments: ["completed", "busy", "no-answer", "failed", "canceled"])
    func oneMessageIsSentHoweverTheCallEnds(status: String) async throws {
        let exchange = ScriptedExchange(.call("CA1"), .call("SM1"), .call("SM2"))
        let calls = calls(exchange)
        _ = try await calls.place(request(), base: "https://a.example")
        #expect(!calls.book.update("CA1", ["CallStatus": "ringing", "SequenceNumber": "1"]))
        for _ in 0..<3 {
            #expect(calls.book.update("CA1", ["CallStatus": status, "SequenceNumber": "3"]))
            #expect(await calls.sumUp("CA1") == nil)
        }
        let messages = exchange.requests.filter { $0.contains("Messages.json") }
        #expect(messages.count == 1 && messages[0].contains("To=%2B15550199"))
    }

    @Test func aMessageThatFailsIsNotSentAgain() async throws {
        let exchange = ScriptedExchange(.call("CA1"), .refusal(400, 21610))
        let calls = calls(exchange)
        _ = try await calls.place(request(), base: "https://a.example")
        #expect(await calls.sumUp("CA1")?.twilioCode == 21610)
        #expect(await calls.sumUp("CA1") == nil && exchange.requests.count == 2)
    }

    @Test func saysWhatWasSaidLast() {
        let book = CallBook()
        book.add("CA1", CallBook.Entry(to: "+15550101", attributes: ["task": "Book a table"], summaryTo: "+15550199"))
        book.heard("CA1", "For how many?")
        book.heard("CA1", "Done.")
        _ = book.update("CA1", ["CallStatus": "completed"])
        #expect(
            book.takeSummary("CA1")?.summary == "Call to +15550101. Task: Book a table. 2 turns. Last words: Done.")
    }

    @Test func callbacksMayComeInAnyOrder() {
        let book = CallBook()
        #expect(!book.update("CA1", ["CallStatus": "ringing", "SequenceNumber": "1"]))
        book.add("CA1", CallBook.Entry(to: "+15550101", attributes: [:]))
        #expect(book["CA1"]?.status == "ringing")
        #expect(book.update("CA1", ["CallStatus": "completed", "SequenceNumber": "3"]))
        #expect(book.update("CA1", ["CallStatus": "in-progress", "SequenceNumber": "2"]))
        #expect(book["CA1"]?.status == "completed")
        #expect(!book.update("CA2", ["CallStatus": "completed"]))
    }

    // MARK: Tickets

    @Test func aTicketIsGoodOnceAndForAWhile() {
        let tickets = CallTickets(life: .seconds(60), capacity: 3)
        let now = ContinuousClock.now
        let first = tickets.issue(["call_sid": "1"], now: now)
        #expect(tickets.take("", now: now) == nil && tickets.take(first + "0", now: now) == nil)
        #expect(tickets.take(first, now: now) == ["call_sid": "1"])
        #expect(tickets.take(first, now: now) == nil)
        let late = tickets.issue([:], now: now)
        #expect(tickets.take(late, now: now + .seconds(60)) == nil)
        let many = (0..<5).map { _ in tickets.issue([:], now: now) }
        #expect(Set(many).count == 5)
        #expect(many.map { tickets.take($0, now: now) != nil } == [false, false, true, true, true])
    }
}
