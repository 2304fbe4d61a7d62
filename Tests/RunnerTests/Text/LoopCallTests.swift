// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Processors
import Synchronization
import Testing

@testable import Transports

/// A whole agent as a call that goes on from webhook to webhook, in virtual time; the test is Twilio.
@Suite struct LoopCallTests {
    private final class Webhook: Sendable {
        private let answer = Mutex<TwiML?>(nil)

        func give(_ document: TwiML) {
            answer.withLock { answer in
                #expect(answer == nil, "answered twice")
                answer = document
            }
        }

        /// What the document does, one word for each verb; `nil` while there is no answer.
        var verbs: [String]? { answer.withLock { $0?.verbs.map(Self.summary) } }
        var text: String { answer.withLock { $0?.text ?? "" } }

        private static func summary(_ verb: XMLElement) -> String {
            let inside = verb.content.map { content in
                switch content {
                case .text(let text): text
                case .element(let element): summary(element)
                }
            }
            let step = verb["action"].flatMap { $0.split(separator: "=").last }.map { "#\($0)" } ?? ""
            return "\(verb.name)\(step)(\(inside.joined(separator: " ")))"
        }
    }

    private struct TestCall {
        let harness: PipelineHarness
        let call: LoopCall

        func post(_ input: LoopInput, step: Int? = nil) -> Webhook {
            let (webhook, call) = (Webhook(), call)
            harness.onLoop { call.receive(input, step: step, $0) { webhook.give($0) } }
            return webhook
        }
    }

    /// A recogniser of the pipeline's own.
    private struct Own {
        let recogniser: LoopCall.Recogniser
    }

    private static let base = LoopAddresses(base: "https://a.example")

    private func start(
        thinking: Duration = .milliseconds(100), greeting: String? = nil, own: Own? = nil,
        _ configure: (inout LoopParameters) -> Void = { _ in }
    ) throws -> TestCall {
        var parameters = LoopParameters.template
        configure(&parameters)
        var context = UserContext.Parameters()
        context.greet = greeting == nil
        let finalContext = context
        var builder = PipelineBuilder()
        builder.add(Caller(NoParameters()))
        builder.add(Turn(TurnParameters()))
        builder.add(UserContext(finalContext))
        builder.add(
            FakeLanguageModel { request in
                let words = request.messages.last { $0.role == .user }?.text
                return .init(
                    words == nil ? ["Hello."] : ["You said ", words ?? "", "."], firstToken: thinking, gap: .zero,
                    endsSession: words == "goodbye")
            })
        builder.add(TextSpeaker(SpeakerParameters()))
        builder.add(AssistantContext(NoParameters()))
        let call = LoopCall(
            LoopScript(parameters, greeting: greeting, addresses: Self.base), recogniser: own?.recogniser)
        let harness = try PipelineHarness(
            builder.build(),
            call: Call(id: "CA1", transport: "twilio", inputFormat: nil, outputFormat: nil, output: call))
        return TestCall(harness: harness, call: call)
    }

    private func gather(_ words: String, step: Int) -> [String] {
        ["Gather#\(step)(Say(\(words)))", "Redirect(https://a.example/handle/recording?step=\(step))"]
    }

    @Test func fiveTurnsGoToAndFro() throws {
        let call = try start()
        let initial = call.post(.answered)
        #expect(initial.verbs == nil)
        call.harness.advance(by: .milliseconds(100))
        #expect(initial.verbs == gather("Hello.", step: 1))
        for turn in 1...4 {
            call.harness.advance(by: .seconds(5))
            let webhook = call.post(.words("number \(turn)"), step: turn)
            call.harness.advance(by: .milliseconds(200))
            #expect(webhook.verbs == gather("You said number \(turn).", step: turn + 1))
        }
        call.harness.advance(by: .seconds(5))
        let last = call.post(.words("goodbye"), step: 5)
        call.harness.advance(by: .milliseconds(200))
        #expect(last.verbs == ["Say(You said goodbye.)", "Hangup()"])
        call.harness.advance(by: .seconds(10))
        #expect(call.harness.events.report?.reason.name == "agent_ended")
        let heard = call.harness.events.all.compactMap { entry -> String? in
            if case .spoke(_, let heard, _, false) = entry.event { heard } else { nil }
        }
        let numbers = (1...4).map { "You said number \($0)." }
        #expect(heard == ["Hello."] + numbers + ["You said goodbye."])
    }

    @Test func aGreetingOfTwiliosOwnNeedsNoAgent() throws {
        let call = try start(greeting: "This is an AI.")
        #expect(call.post(.answered).verbs == gather("This is an AI.", step: 1))
    }

    @Test func whatTwilioSendsAgainChangesNothing() throws {
        let call = try start()
        let first = call.post(.answered)
        let again = call.post(.answered)
        call.harness.advance(by: .milliseconds(200))
        #expect(first.verbs == again.verbs && first.verbs != nil)
        let words = call.post(.words("one"), step: 1)
        let copy = call.post(.words("one"), step: 1)
        call.harness.advance(by: .milliseconds(200))
        #expect(words.verbs == gather("You said one.", step: 2))
        #expect(copy.verbs == words.verbs)
        #expect(call.post(.words("one"), step: 1).verbs == words.verbs)
        #expect(call.post(.answered).verbs == words.verbs)
        let turns = call.harness.events.all.count { if case .turnStarted = $0.event { true } else { false } }
        #expect(turns == 1)
    }

    @Test func silenceIsAskedAboutAndEndsTheCallInTheEnd() throws {
        let call = try start { $0.maxReprompts = 2 }
        _ = call.post(.answered)
        call.harness.advance(by: .milliseconds(200))
        let reprompt = LoopParameters.template.reprompt
        #expect(call.post(.words(" "), step: 1).verbs == gather(reprompt, step: 2))
        #expect(call.post(.words(""), step: 2).verbs == gather(reprompt, step: 3))
        #expect(call.post(.words(""), step: 3).verbs == ["Say(Thank you for calling. Goodbye.)", "Hangup()"])
        call.harness.advance(by: .seconds(5))
        #expect(call.harness.events.report?.reason.name == "idle")
    }

    @Test func aSlowAgentIsWaitedForAndThenAskedAgain() throws {
        let call = try start(thinking: .seconds(20), greeting: "Hi.") { $0.replyTimeout = .seconds(15) }
        let webhook = call.post(.words("one"), step: 1)
        call.harness.advance(by: .milliseconds(7900))
        #expect(webhook.verbs == nil)
        call.harness.advance(by: .milliseconds(200))
        #expect(webhook.verbs == ["Pause()", "Redirect(https://a.example/handle/recording?step=1&again=1)"])
        let again = call.post(.again, step: 1)
        call.harness.advance(by: .seconds(8))
        #expect(again.verbs == gather(LoopParameters.template.reprompt, step: 2))
        call.harness.advance(by: .seconds(30))
        #expect(call.post(.again).verbs == again.verbs)
    }

    @Test func aCallHasAnEnd() throws {
        let call = try start { $0.maxTurns = 1 }
        _ = call.post(.answered)
        call.harness.advance(by: .seconds(3))
        _ = call.post(.words("one"))
        call.harness.advance(by: .seconds(3))
        #expect(call.post(.words("two")).verbs == ["Say(Thank you for calling. Goodbye.)", "Hangup()"])
        call.harness.advance(by: .seconds(5))
        #expect(call.harness.events.report?.reason.name == "too_long")
    }

    @Test func transcriptionsComeLateEarlyTwiceOrNever() throws {
        let call = try start {
            $0.listening = .transcription
            $0.transcriptTimeout = .seconds(10)
        }
        let initial = call.post(.answered)
        call.harness.advance(by: .milliseconds(200))
        #expect(initial.text.contains(#"transcribeCallback="https://a.example/handle/transcription""#))
        let late = call.post(.recording(sid: "RE1", url: "https://x/RE1"), step: 1)
        call.harness.advance(by: .seconds(3))
        transcribe(call, "RE9", "somebody else")
        #expect(late.verbs == nil)
        transcribe(call, "RE1", "one")
        transcribe(call, "RE1", "one")
        call.harness.advance(by: .milliseconds(200))
        #expect(late.verbs?.first == "Say(You said one.)")
        transcribe(call, "RE2", "two")
        let early = call.post(.recording(sid: "RE2", url: "https://x/RE2"), step: 2)
        call.harness.advance(by: .milliseconds(200))
        #expect(early.verbs?.first == "Say(You said two.)")
        let never = call.post(.recording(sid: "RE3", url: "https://x/RE3"), step: 3)
        call.harness.advance(by: .milliseconds(8100))
        #expect(never.verbs?.first == "Pause()")
        let again = call.post(.again, step: 3)
        call.harness.advance(by: .seconds(9))
        #expect(again.verbs?.first == "Say(\(LoopParameters.template.reprompt))")
        transcribe(call, "RE3", "too late")
        #expect(call.harness.events.all.count { if case .turnStarted = $0.event { true } else { false } } == 2)
    }

    private func transcribe(_ call: TestCall, _ sid: String, _ words: String) {
        let far = call.call
        call.harness.onLoop { far.transcribed(sid, words, $0) }
    }

    @Test func recordingsAreUnderstoodByThePipelineItself() async throws {
        struct Lost: Error {}
        let recogniser: LoopCall.Recogniser = { url in
            guard url == "https://x/RE1" else { throw Lost() }
            return "one"
        }
        let call = try start(own: Own(recogniser: recogniser)) { $0.listening = .recogniser }
        _ = call.post(.answered)
        call.harness.advance(by: .milliseconds(200))
        let webhook = call.post(.recording(sid: "RE1", url: "https://x/RE1"), step: 1)
        await settle(call, webhook)
        #expect(webhook.verbs?.first == "Say(You said one.)")
        let lost = call.post(.recording(sid: "RE2", url: "https://x/RE2"), step: 2)
        await settle(call, lost)
        #expect(lost.verbs?.first == "Say(\(LoopParameters.template.reprompt))")
        #expect(call.harness.events.errors.count == 1)
    }

    /// Recordings are fetched and understood outside of the session's time.
    private func settle(_ call: TestCall, _ webhook: Webhook) async {
        for _ in 0..<100_000 where webhook.verbs == nil {
            await Task.yield()
            call.harness.advance(by: .microseconds(10))
        }
    }

    @Test func aHangUpAnswersWhoeverWaits() throws {
        let call = try start(thinking: .seconds(60), greeting: "Hi.")
        let webhook = call.post(.words("one"), step: 1)
        call.harness.end(.hungUp)
        #expect(webhook.verbs == ["Hangup()"])
        #expect(call.post(.words("two"), step: 1).verbs == ["Hangup()"])
    }

    @Test func aFloodOfWebhooksIsBounded() throws {
        let call = try start(thinking: .seconds(60), greeting: "Hi.")
        let webhooks = (0..<100).map { _ in call.post(.words("one"), step: 1) }
        #expect(webhooks.count { $0.verbs == nil } == 8)
        call.harness.advance(by: .seconds(8))
        #expect(webhooks.allSatisfy { $0.verbs != nil })
    }

    @Test(arguments: [
        (["SpeechResult": "hello", "Confidence": "0.9"], LoopInput.words("hello")), (["SpeechResult": ""], .words("")),
        ([:], .words("")), (["Digits": "12#"], .keys("12#")),
        (
            ["Digits": "hangup", "RecordingUrl": "https://x/RE1", "RecordingSid": "RE1"],
            .recording(sid: "RE1", url: "https://x/RE1")
        ),
        (["RecordingUrl": "https://x/RE1"], .recording(sid: "https://x/RE1", url: "https://x/RE1")),
        (["RecordingUrl": "https://x/RE1", "RecordingDuration": "0"], .words("")),
        (["TranscriptionText": "hi", "RecordingUrl": "https://x"], .words("hi")),
    ])
    func readsForms(form: [String: String], input: LoopInput) {
        #expect(LoopInput { form[$0] } == input)
    }

    @Test(arguments: [
        ("https://api.twilio.com/2010-04-01/a", "api.twilio.com"), ("HTTP://Local:80/x", "local:80"),
        ("https://api.twilio.com@evil.example/", nil), ("https://evil.example\\@api.twilio.com/", nil),
        ("file:///etc/passwd", nil), ("api.twilio.com", nil), ("https://", nil),
        ("https://evil.example/?https://api.twilio.com", "evil.example"),
    ])
    func findsTheHostOfAnAddress(url: String, host: String?) {
        #expect(RecordingSource.host(of: url) == host)
    }
}
