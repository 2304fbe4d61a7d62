// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CallRecords
import CarrierEmulator
import NIOCore
import NIOHTTP1
import PipelineKit
import PipelineTesting
import Processors
import Synchronization
import Testing
import Transports

@testable import Runner

/// A caller whom nobody takes over goes on with the conversation that the agent knows.
@Suite(.timeLimit(.minutes(5))) struct TransferTests {
    // The line of text tells what the caller has heard: the agent's own guess may lag behind the emulated voice.
    private static let pipeline = """
        pipeline: desk
        transports:
          - twilio:
              conversation_relay: { welcome_greeting: Welcome., events: [speaker-events, tokens-played] }
              outbound: { transfer_ringing: 5s }
        processors:
          - caller:
          - keypad: { menu: { "1": i would like a haircut, "2": monday } }
          - energy_vad:
          - turn:
          - scripted_stt: { says: [nothing of this] }
          - user_context:
          - rules_llm: { rules: desk.rules.yaml }
          - sentences:
          - flite_tts: { voice: kal16 }
          - speaker:
          - assistant_context:
        """

    private static let rules = """
        greeting: { say: Hello. }
        slots:
          service: { type: choice, values: { haircut: [], color: [] } }
          day: { type: choice, values: { monday: [], tuesday: [] } }
        no_input: { say: Nobody was there. }
        intents:
          book:
            phrases: ["i would like a {service}"]
            ask: { service: [What would you like?], day: ["What day?"] }
            reply: "A {service} on {day}."
            end_call: true
        """

    /// Takes down the conversation, and has the call handed on when the agent has asked for the day.
    private final class Desk: SessionObserver {
        private struct State {
            var lines: [String] = []
            var turns: [Int] = []
            var reasons: [String?] = []
            var url = ""
            var isHandedOn = false
        }

        private let state = Mutex(State())
        private let request: String

        /// - Parameter request: How the call is to be handed on.
        init(_ request: String) { self.request = request }

        var lines: [String] { state.withLock { $0.lines } }
        /// The turns in which the caller said something.
        var turns: [Int] { state.withLock { $0.turns } }
        /// Why the caller was back, of each session.
        var reasons: [String?] { state.withLock { $0.reasons } }

        func answers(at url: String) { state.withLock { $0.url = url } }

        func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
            switch event {
            case .started: state.withLock { $0.reasons.append(call.attributes["transfer_failed"]) }
            case .heardCaller(let turn, let text, isFinal: true):
                state.withLock {
                    $0.lines.append("caller: \(text)")
                    $0.turns.append(turn.value)
                }
            case .spoke(_, let heard, _, _) where !heard.isEmpty:
                let url = state.withLock { state -> String? in
                    state.lines.append("agent: \(heard)")
                    guard heard == "What day?", !state.isHandedOn else { return nil }
                    state.isHandedOn = true
                    return state.url
                }
                if let url { Task { try await self.handOn(call.id, url) } }
            default: break
            }
        }

        private func handOn(_ id: String, _ url: String) async throws {
            var request = HTTPClientRequest(url: "\(url)/calls/\(id)/transfer")
            request.method = .POST
            request.body = .bytes(ByteBuffer(string: self.request))
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            #expect(response.status == .accepted)
        }
    }

    private struct Outcome {
        var report: CallReport
        var desk: Desk
        var histories: [CallHistory]
    }

    private func call(
        _ dialect: TelephoneDialect, _ answer: CallParty.Answer, _ steps: [CallerStep], callee: [CallerStep] = [],
        request: String = #"{"to": "+15550102"}"#
    ) async throws -> Outcome {
        let loops = LoopGroup(count: 1)
        var configuration = Carrier.Configuration()
        configuration.party = { _ in
            var party = CallParty(CallerScript(callee))
            party.answer = answer
            return party
        }
        let carrier = try await Carrier.start(configuration, on: loops.eventLoopGroup)
        let directory = try TemporaryDirectory()
        try directory.write(Self.rules, to: "desk.rules.yaml")
        var registry = ProcessorRegistry()
        registry.addBuiltinProcessors()
        registry.addBuiltinTransports()
        registry.add(ScriptedSTT.self)
        let context = RunnerContext(registry: registry, output: CapturedOutput().output, environment: [:])
        let pipeline = try context.load(try directory.write(Self.pipeline, to: "desk.yaml")) {
            $0.answerTelephone(dialect, apiURL: carrier.origin + "/2010-04-01")
        }
        let (desk, store) = (Desk(request), MemoryCallStore())
        let writer = CallRecordsWriter(RecordsSettings(pipeline: "desk")) { () throws(CallStoreError) in store }
        let observers = SessionObservers([desk, writer, CarrierNews(carrier: carrier)])
        let agent = try await LoopbackAgent.start(pipeline, on: loops, observer: observers)
        desk.answers(at: agent.url)
        let report = await carrier.call(agent.url + "/voice", CallParty(CallerScript(steps)))
        await agent.stop()
        await writer.flush()
        let histories = try store.histories(CallFilter())
        await writer.close()
        try await carrier.shutDown()
        try await loops.shutDown()
        withExtendedLifetime(directory) {}
        return Outcome(report: try #require(report), desk: desk, histories: histories)
    }

    private static func step(after words: String, press: String) -> CallerStep {
        var step = CallerStep(press: press)
        step.after = words
        return step
    }

    private static let steps = [step(after: "Hello", press: "1"), step(after: "Nobody was there", press: "2")]
    private static let conversation = [
        "agent: Hello.", "caller: i would like a haircut", "agent: What day?", "agent: Nobody was there. What day?",
        "caller: monday", "agent: A haircut on monday.",
    ]

    @Test(arguments: [
        (TelephoneDialect.mediaStreams, CallParty.Answer.busy, "busy"), (.mediaStreams, .noAnswer, "no-answer"),
        (.conversationRelay, .busy, "busy"), (.conversationRelay, .noAnswer, "no-answer"),
        (.conversationRelay, .fails, "failed"),
    ])
    func theCallerGoesOnWithTheConversation(
        _ dialect: TelephoneDialect, _ answer: CallParty.Answer, _ status: String
    ) async throws {
        let outcome = try await call(dialect, answer, Self.steps)
        #expect(outcome.desk.lines == Self.conversation)
        // The second turn is the one in which the agent takes the caller back.
        #expect(outcome.desk.turns == [1, 3])
        #expect(outcome.desk.reasons == [nil, status])
        #expect(outcome.report.status == .completed)
        #expect(outcome.report.warnings == [])
        let history = try #require(outcome.histories.first)
        #expect(outcome.histories.count == 1)
        #expect(history.call.state == .ended)
        #expect(history.call.end?.reason == "agent_ended")
        let written = history.utterances.map {
            ($0.value.speaker == .caller ? "caller: " : "agent: ") + $0.value.heard
        }
        #expect(written == Self.conversation)
        let times = history.utterances.map(\.time)
        #expect(times == times.sorted())
        #expect((history.call.end?.duration ?? .zero) + .seconds(1) > (times.last ?? .zero) - .zero)
    }

    @Test(arguments: [TelephoneDialect.mediaStreams, .conversationRelay])
    func aCallerWhoHangsUpMeanwhileIsGone(_ dialect: TelephoneDialect) async throws {
        var hangup = CallerStep(hangup: true)
        hangup.after = "What day"
        // By then the call is being handed on, and it rings for two seconds more.
        hangup.quiet = .seconds(3)
        let outcome = try await call(dialect, .noAnswer, [Self.steps[0], hangup])
        #expect(outcome.desk.lines == Array(Self.conversation.prefix(3)))
        #expect(outcome.desk.reasons == [nil])
        #expect(outcome.histories.map(\.call.end?.reason) == ["agent_ended"])
        #expect(outcome.report.status == .completed)
    }

    @Test func aCallerWhoIsTakenOverDoesNotComeBack() async throws {
        let outcome = try await call(.conversationRelay, .answers, Self.steps)
        #expect(outcome.desk.lines == Array(Self.conversation.prefix(3)))
        #expect(outcome.histories.count == 1)
        #expect(outcome.report.events.contains { $0.kind == .dialled("+15550102", status: "completed") })
    }

    // MARK: Warm

    private static let warm = #"{"to": "+15550102", "mode": "warm", "summary": "Ada wants a haircut."}"#
    private static let whisper = "Ada wants a haircut. Press any key to take the call."

    @Test(arguments: [TelephoneDialect.mediaStreams, .conversationRelay])
    func whoeverTakesTheCallIsToldFirst(_ dialect: TelephoneDialect) async throws {
        let outcome = try await call(
            dialect, .answers, Self.steps, callee: [CallerStep(press: "1")], request: Self.warm)
        let told = outcome.report.events.map(\.kind).filter { kind in
            switch kind {
            case .whispered, .dialled: true
            default: false
            }
        }
        #expect(told == [.whispered(Self.whisper), .dialled("+15550102", status: "completed")])
        #expect(outcome.report.warnings == [])
        #expect(outcome.desk.lines == Array(Self.conversation.prefix(3)))
    }

    @Test(arguments: [TelephoneDialect.mediaStreams, .conversationRelay])
    func aMachineThatAnswersDoesNotGetTheCaller(_ dialect: TelephoneDialect) async throws {
        let outcome = try await call(dialect, .answers, Self.steps, request: Self.warm)
        #expect(outcome.report.events.contains { $0.kind == .whispered(Self.whisper) })
        #expect(outcome.desk.reasons == [nil, "declined"])
        #expect(outcome.desk.lines == Self.conversation)
        #expect(outcome.report.warnings == [])
    }
}
