// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import PipelineKit
import Testing
import Transports

@testable import CarrierEmulator

private let account = CarrierAccount.example
private let base = "/2010-04-01/Accounts/\(account.sid)"

/// The carrier's interface, asked over a real socket as an agent asks it.
@Suite struct CarrierAPITests {
    /// A carrier, an agent that says a word and waits, and a way to ask the carrier.
    private struct Bench {
        let carrier: Carrier
        let agent: TestAgent
        let http: HTTPClient

        func ask(
            _ method: String, _ path: String, _ fields: [FormField] = [], password: String? = nil
        ) async throws -> (status: Int, json: JSONValue) {
            var request = HTTPClientRequest(url: carrier.origin + path)
            request.method = method == "POST" ? .POST : .GET
            let secret = "\(account.sid):\(password ?? account.authToken.value)"
            request.headers.add(name: "authorization", value: "Basic \(Base64.encode(Array(secret.utf8)))")
            if method == "POST" {
                request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
                request.body = .bytes(ByteBuffer(string: fields.urlEncoded))
            }
            let response = try await http.execute(request, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: 1 << 20)
            return (Int(response.status.code), try JSONValue(parsing: body.readableBytesView))
        }

        func place(_ changes: FormField...) async throws -> (status: Int, json: JSONValue) {
            let fields = [
                FormField("To", "+15550101"), FormField("From", "+15550100"), FormField("Url", agent.origin + "/voice"),
            ].filter { field in !changes.contains { $0.name == field.name } }
            return try await ask("POST", base + "/Calls.json", fields + changes.filter { !$0.value.isEmpty })
        }
    }

    private func withCarrier(_ party: CallParty = CallParty(), _ body: (Bench) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let agent = try await TestAgent.start(on: group) { request in
            request.target.hasPrefix("/status")
                ? (204, "") : (200, "<Response><Say>Hi</Say><Pause length='600'/></Response>")
        }
        var configuration = Carrier.Configuration()
        configuration.speed = 100
        var party = party
        party.script.linger = .seconds(600)
        configuration.party = { [party] _ in party }
        let carrier = try await Carrier.start(configuration, on: group)
        let http = HTTPClient(eventLoopGroupProvider: .shared(group))
        do {
            try await body(Bench(carrier: carrier, agent: agent, http: http))
        } catch {
            Issue.record(error)
        }
        try await http.shutdown()
        try await carrier.shutDown()
        try await agent.stop()
    }

    @Test func placesACallAndReportsItsStatusInOrder() async throws {
        try await withCarrier { bench in
            let events = ["initiated", "ringing", "answered", "completed"].map { FormField("StatusCallbackEvent", $0) }
            let fields = [
                FormField("To", "+15550101"), FormField("From", "+15550100"),
                FormField("Url", bench.agent.origin + "/voice"),
                FormField("StatusCallback", bench.agent.origin + "/status"),
            ]
            let (status, json) = try await bench.ask("POST", base + "/Calls.json", fields + events)
            #expect(status == 201)
            #expect(json["status"] == "queued")
            #expect(json["direction"] == "outbound-api")
            let sid = try #require(json["sid"]?.string)
            #expect(sid.hasPrefix("CA") && sid.count == 34)
            _ = await bench.carrier.report(of: sid)
            let callbacks = bench.agent.received("/status").map(\.fields)
            #expect(callbacks.map { $0["CallStatus"] } == ["initiated", "ringing", "in-progress", "completed"])
            #expect(callbacks.map { $0["SequenceNumber"] } == ["0", "1", "2", "3"])
            let (_, after) = try await bench.ask("GET", base + "/Calls/\(sid).json")
            #expect(after["status"] == "completed")
            #expect(after["duration"]?.string != nil)
        }
    }

    private typealias Case = (change: FormField, code: Int)

    @Test func refusesWhatTheCarrierRefuses() async throws {
        let cases: [Case] = [
            (FormField("To", ""), 21201), (FormField("To", "5550101"), 21211), (FormField("To", "+0155501"), 21211),
            (FormField("To", "+1555010112345678"), 21211), (FormField("From", ""), 21213),
            (FormField("From", "me"), 21212), (FormField("Url", ""), 21205), (FormField("Url", "ftp://a"), 21205),
            (FormField("Twiml", String(repeating: "x", count: 4001)), 21623), (FormField("Timeout", "601"), 21216),
        ]
        try await withCarrier { bench in
            for (change, code) in cases {
                let (status, json) = try await bench.place(change)
                #expect(status == 400)
                #expect(json["code"]?.integer == code, "\(change)")
                #expect(json["status"]?.integer == 400)
            }
            #expect(bench.carrier.callSids == [])
            #expect(try await bench.ask("GET", base + "/Calls/CA1.json").json["code"] == 20404)
            #expect(try await bench.ask("GET", base + "/Calls.json", password: "wrong").json["code"] == 20003)
        }
    }

    @Test func endsACallOnce() async throws {
        try await withCarrier { bench in
            let (_, json) = try await bench.place()
            let sid = try #require(json["sid"]?.string)
            let end = [FormField("Status", "completed")]
            #expect(try await bench.ask("POST", base + "/Calls/\(sid).json", end).status == 200)
            let report = await bench.carrier.report(of: sid)
            #expect(report?.status == .completed)
            let (status, again) = try await bench.ask("POST", base + "/Calls/\(sid).json", end)
            #expect(status == 400 && again["code"] == 21220)
        }
    }

    @Test(arguments: [
        (CallParty.Answer.busy, CallStatus.busy), (.noAnswer, .noAnswer), (.fails, .failed),
    ])
    func aCallThatIsNotAnsweredAsksForNoTwiML(_ answer: CallParty.Answer, _ status: CallStatus) async throws {
        var party = CallParty()
        party.answer = answer
        try await withCarrier(party) { bench in
            let (_, json) = try await bench.place()
            let report = await bench.carrier.report(of: json["sid"]?.string ?? "")
            #expect(report?.status == status)
            #expect(bench.agent.received("/voice").isEmpty)
        }
    }

    @Test func makesThingsGoWrongAsTheScriptSays() async throws {
        try await withCarrier { bench in
            bench.carrier.inject(.refused(status: 429, code: 20429), .failedAfterActing(status: 503))
            let refused = try await bench.place()
            #expect(refused.status == 429)
            #expect(bench.carrier.callSids.isEmpty)
            let failed = try await bench.place()
            #expect(failed.status == 503)
            #expect(bench.carrier.callSids.count == 1)
            bench.carrier.inject(.cutBeforeActing)
            await #expect(throws: (any Error).self) { try await bench.place() }
            #expect(bench.carrier.callSids.count == 1)
            bench.carrier.inject(.cutAfterActing)
            await #expect(throws: (any Error).self) { try await bench.place() }
            #expect(bench.carrier.callSids.count == 2)
            #expect(bench.carrier.requests.map(\.status) == [429, 503, nil, nil])
        }
    }

    @Test func takesTextMessages() async throws {
        try await withCarrier { bench in
            let to = [FormField("To", "+15550101"), FormField("From", "+15550100")]
            let (status, json) = try await bench.ask(
                "POST", base + "/Messages.json", to + [FormField("Body", "Done & dusted")])
            #expect(status == 201)
            #expect(json["num_segments"] == "1")
            #expect(bench.carrier.messages.map(\.body) == ["Done & dusted"])
            let long = [FormField("Body", String(repeating: "x", count: 1601))]
            #expect(try await bench.ask("POST", base + "/Messages.json", to + long).json["code"] == 21617)
            #expect(bench.carrier.messages.count == 1)
        }
    }

    @Test(arguments: [
        ("x", 160, 1), ("x", 161, 2), ("x", 306, 2), ("x", 307, 3), ("é", 160, 1), ("ё", 70, 1), ("ё", 71, 2),
    ])
    func countsThePiecesOfAMessage(_ character: Character, _ count: Int, _ pieces: Int) {
        #expect(MessageSegments.count(String(repeating: character, count: count)) == pieces)
    }
}
