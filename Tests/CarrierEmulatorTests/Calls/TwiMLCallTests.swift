// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOPosix
import PipelineKit
import Testing
import Transports

@testable import CarrierEmulator

/// Calls whose agent speaks TwiML alone; line time passes fifty times faster than real time.
@Suite struct TwiMLCallTests {
    private static let token = CarrierAccount.example.authToken.value

    private func call(
        _ script: CallerScript, statusCallback: Bool = false, fallback: Bool = false, party: CallParty = CallParty(),
        _ check: (CallReport, TestAgent) throws -> Void, answer: @escaping TestAgent.Answer
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let agent = try await TestAgent.start(on: group, answer: answer)
        var configuration = Carrier.Configuration()
        configuration.speed = 50
        configuration.party = { _ in party }
        let carrier = try await Carrier.start(configuration, on: group)
        let report = await carrier.call(
            agent.origin + "/voice", CallParty(script), fallbackURL: fallback ? agent.origin + "/fallback" : nil,
            statusCallback: statusCallback ? agent.origin + "/status" : nil)
        try await carrier.shutDown()
        try check(#require(report), agent)
        try await agent.stop()
    }

    private static func response(_ body: String) -> (Int, String) {
        (200, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\(body)</Response>")
    }

    @Test func theLoopOfGatherAndSayHasFiveTurns() async throws {
        let words = ["hello", "where are you", "how much is it", "at three", "that is all"]
        try await call(
            CallerScript(words.map { CallerStep(say: $0) }), statusCallback: true,
            { report, agent in
                #expect(report.status == .completed)
                #expect(report.transcript.filter(\.isCaller).map(\.text) == words)
                #expect(report.transcript.filter { !$0.isCaller }.map(\.text).first == "Welcome")
                #expect(report.transcript.filter { !$0.isCaller }.map(\.text).last == "You said that is all. Goodbye")
                #expect(report.warnings == [])
                let status = agent.received("/status").map(\.fields)
                #expect(status.map { $0["CallStatus"] } == ["completed"])
                #expect(status.first?["CallDuration"] != nil)
                // Every request bears a signature that its address and its form explain.
                for request in agent.received {
                    let url = agent.origin + request.target
                    let wanted = WebhookSignature.value(
                        url: url, fields: request.fields.map { ($0.name, $0.value) }, key: Self.token)
                    #expect(request.signature == wanted)
                }
            },
            answer: { request in
                let gather = { (text: String) in
                    "<Gather input='speech' action='/heard?turn=1&amp;x=2' timeout='3'><Say>\(text)</Say></Gather>"
                }
                guard let said = request.fields["SpeechResult"] else { return Self.response(gather("Welcome")) }
                if said == "that is all" { return Self.response("<Say>You said \(said). Goodbye</Say><Hangup/>") }
                return Self.response(gather("You said \(said)."))
            })
    }

    @Test func aRecordingIsReportedAndItsTranscriptionComesLater() async throws {
        try await call(
            CallerScript([CallerStep(say: "book a haircut"), CallerStep(hangup: true)]),
            { report, agent in
                let action = try #require(agent.received("/recorded").first?.fields)
                #expect(action["RecordingUrl"]?.contains("/Recordings/RE") == true)
                #expect(action["RecordingDuration"].flatMap { Int($0) } ?? 0 > 0)
                let text = try #require(agent.received("/transcribed").first?.fields)
                #expect(text["TranscriptionText"] == "book a haircut")
                #expect(text["RecordingSid"] == action["RecordingSid"])
                #expect(text["CallSid"] == report.sid)
            },
            answer: { request in
                request.target == "/voice"
                    ? Self.response(
                        "<Say>Speak</Say><Record action='/recorded' timeout='2' transcribeCallback='/transcribed'/>")
                    : Self.response("<Say>Thank you</Say><Pause length='30'/>")
            })
    }

    @Test func keysEndAtTheFinishingKeyAndAtTheirNumber() async throws {
        var first = CallerStep(press: "12#9")
        first.quiet = .milliseconds(100)
        try await call(
            CallerScript([first, CallerStep(press: "345")]),
            { _, agent in
                #expect(agent.received("/one").first?.fields["Digits"] == "12")
                #expect(agent.received("/one").first?.fields["FinishedOnKey"] == "#")
                #expect(agent.received("/two").first?.fields["Digits"] == "34")
            },
            answer: { request in
                switch request.target {
                case "/voice": Self.response("<Gather action='/one'><Say>Number</Say></Gather>")
                case "/one": Self.response("<Gather action='/two' numDigits='2'><Say>Again</Say></Gather>")
                default: Self.response("")
                }
            })
    }

    @Test func aCallerWhoTalksOverAPromptCutsIt() async throws {
        var step = CallerStep(say: "stop")
        step.over = .milliseconds(600)
        try await call(
            CallerScript([step]),
            { report, _ in
                #expect(report.events.contains { $0.kind == .agentSaid("A very", isInterrupted: true) })
                #expect(report.requests(to: "/heard").first?["SpeechResult"] == "stop")
            },
            answer: { request in
                request.target == "/voice"
                    ? Self.response(
                        "<Gather input='speech' action='/heard'><Say>A very long story indeed</Say></Gather>")
                    : Self.response("")
            })
    }

    @Test func theFallbackIsAskedWhenTheAgentFails() async throws {
        try await call(
            CallerScript([]), fallback: true,
            { report, agent in
                #expect(report.warnings.map(\.code) == [11200])
                #expect(agent.received("/fallback").first?.fields["ErrorCode"] == "11200")
                #expect(report.transcript.map(\.text) == ["Sorry"])
            },
            answer: { $0.target == "/fallback" ? Self.response("<Say>Sorry</Say>") : (500, "") })
    }

    @Test(arguments: [
        ("<Response><Say>", 12100), ("<Antwort/>", 12200), ("<Response><Dial/></Response>", 13224),
        ("<Response><Refer><Sip>sip:desk@example.com</Sip></Refer></Response>", 13801),
        ("<Response><Say>Hold</Say><Start><Stream url='wss://a'/></Start></Response>", 12200),
        ("<Response><Connect><Stream url='http://a'/></Connect></Response>", 31922),
        ("<Response><Connect><Stream url='wss://a/b?c=d'/></Connect></Response>", 31920),
    ])
    func nonsenseEndsTheCallWithTheCarriersCode(_ document: String, _ code: Int) async throws {
        try await call(
            CallerScript([]), { report, _ in #expect(report.warnings.map(\.code) == [code]) },
            answer: { _ in (200, document) })
    }

    @Test(arguments: [(CallParty.Answer.answers, ["bridged"]), (.busy, [])])
    func aQueueIsWaitedInUntilSomebodyTakesTheCall(_ answer: CallParty.Answer, _ results: [String]) async throws {
        var party = CallParty()
        party.answer = answer
        var script = CallerScript([])
        script.linger = .seconds(10)
        try await call(
            script, party: party,
            { report, agent in
                #expect(agent.received("/left").map { $0.fields["QueueResult"] } == results)
                #expect(report.warnings == [] && report.status == .completed)
            },
            answer: { request in
                request.target == "/voice"
                    ? Self.response("<Enqueue action='/left'>support</Enqueue>") : Self.response("<Say>Bye</Say>")
            })
    }

    @Test(arguments: [(CallParty.Answer.answers, "completed"), (.busy, "failed")])
    func aSIPCallIsReferred(_ answer: CallParty.Answer, _ status: String) async throws {
        var party = CallParty()
        party.answer = answer
        var script = CallerScript([])
        script.from = "sip:ada@example.com"
        script.linger = .seconds(10)
        try await call(
            script, party: party,
            { report, agent in
                #expect(agent.received("/referred").map { $0.fields["ReferCallStatus"] } == [status])
                #expect(report.warnings == [])
            },
            answer: { request in
                request.target == "/voice"
                    ? Self.response("<Refer action='/referred'><Sip>sip:desk@example.com</Sip></Refer>")
                    : Self.response("<Hangup/>")
            })
    }

    @Test func aLoopOfRedirectsComesToAnEnd() async throws {
        try await call(
            CallerScript([]), { report, agent in #expect(agent.received.count == 1000 && report.status == .completed) },
            answer: { _ in Self.response("<Redirect>/voice</Redirect>") })
    }
}
