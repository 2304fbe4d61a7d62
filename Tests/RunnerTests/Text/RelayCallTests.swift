// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Processors
import Testing

@testable import Transports

/// A whole agent as a ConversationRelay call, in virtual time; the test is Twilio.
@Suite struct RelayCallTests {
    private let far = Far()

    /// `@unchecked Sendable`: the loop is virtual, so that everything happens on the test's thread.
    private final class Far: @unchecked Sendable {
        var packets: [RelayCall.Packet] = []

        func take() -> [String] {
            defer { packets = [] }
            return packets.map { packet in
                switch packet {
                case .text(let text): text
                case .end: "END"
                }
            }
        }
    }

    private struct TestCall {
        let harness: PipelineHarness
        let call: RelayCall

        /// Twilio sends a message; the agent's first words come at once.
        func receive(_ json: String) throws {
            let message = try RelayMessage(parsing: json.utf8)
            let call = call
            harness.onLoop { call.receive(message, $0) }
            harness.advance(by: .zero)
        }
    }

    private func start(
        _ settings: RelayParameters = .template,
        _ answer: @escaping @Sendable (ModelRequest) -> FakeLanguageModel.Reply = { _ in
            .init(["Life ", "is ", "a ", "complex ", "set."], firstToken: .zero, gap: .milliseconds(50))
        }
    ) throws -> TestCall {
        var builder = PipelineBuilder()
        var context = UserContext.Parameters()
        context.greet = false
        let finalContext = context
        builder.add(Caller(NoParameters()))
        builder.add(Turn(TurnParameters()))
        builder.add(UserContext(finalContext))
        builder.add(FakeLanguageModel(answer))
        builder.add(TextSpeaker(SpeakerParameters()))
        builder.add(AssistantContext(NoParameters()))
        let call = RelayCall(settings)
        let far = far
        call.connect { far.packets.append($0) }
        let harness = try PipelineHarness(
            builder.build(),
            call: Call(id: "CA1", transport: "twilio", inputFormat: nil, outputFormat: nil, output: call))
        return TestCall(harness: harness, call: call)
    }

    private func spoke(_ call: TestCall) -> [String] {
        call.harness.events.all.compactMap { entry in
            if case .spoke(_, let heard, _, let isInterrupted) = entry.event {
                isInterrupted ? heard + "|" : heard
            } else {
                nil
            }
        }
    }

    private func prompt(_ text: String, last: Bool = true) -> String {
        #"{"type":"prompt","voicePrompt":"\#(text)","lang":"en-US","last":\#(last)}"#
    }

    @Test func tokensAreSentAsTheModelYieldsThem() throws {
        let call = try start()
        try call.receive(prompt("What is life?"))
        #expect(far.take() == [#"{"type":"text","token":"Life ","last":false}"#])
        call.harness.advance(by: .milliseconds(100))
        #expect(
            far.take() == [
                #"{"type":"text","token":"is ","last":false}"#, #"{"type":"text","token":"a ","last":false}"#,
            ])
        call.harness.advance(by: .milliseconds(100))
        #expect(far.take().last == #"{"type":"text","token":"","last":true}"#)
    }

    @Test func anInterruptCutsTheConversationAndStopsTheModel() throws {
        let call = try start()
        try call.receive(prompt("What is life?"))
        call.harness.advance(by: .milliseconds(120))
        try call.receive(
            #"{"type":"interrupt","utteranceUntilInterrupt":"Life is","durationUntilInterruptMs":460}"#)
        _ = far.take()
        call.harness.advance(by: .seconds(2))
        #expect(far.take().isEmpty)
        #expect(spoke(call) == ["Life is|"])
        // A second one says nothing new.
        try call.receive(#"{"type":"interrupt","utteranceUntilInterrupt":"Life"}"#)
        try call.receive(prompt("Stop"))
        call.harness.advance(by: .seconds(2))
        #expect(far.take().count == 6)
        #expect(spoke(call).first == "Life is|")
    }

    @Test func wordsAfterAReplyMeanThatItWasHeard() throws {
        let call = try start()
        try call.receive(prompt("What is life?"))
        call.harness.advance(by: .milliseconds(300))
        try call.receive(prompt("And why?"))
        #expect(spoke(call) == ["Life is a complex set."])
    }

    @Test func wordsDuringAReplyThatTheyCannotStopDoNot() throws {
        var settings = RelayParameters.template
        settings.interruptible = .none
        settings.reportInputDuringAgentSpeech = .any
        let call = try start(settings)
        try call.receive(prompt("What is life?"))
        call.harness.advance(by: .milliseconds(900))
        _ = far.take()
        try call.receive(prompt("And why?"))
        #expect(spoke(call) == ["Life|"])
    }

    @Test func partialWordsOpenATurnAndAreNotAnswered() throws {
        let call = try start()
        try call.receive(prompt("What", last: false))
        call.harness.advance(by: .milliseconds(500))
        #expect(far.take().isEmpty)
        try call.receive(prompt("What is life?"))
        #expect(far.take().count == 1)
        let heard = call.harness.events.all.compactMap { entry -> String? in
            if case .heardCaller(_, let text, true) = entry.event { text } else { nil }
        }
        #expect(heard == ["What is life?"])
    }

    @Test func ourOwnInterruptionClosesTheReply() throws {
        var settings = RelayParameters.template
        settings.preemptible = true
        let call = try start(settings)
        try call.receive(prompt("What is life?"))
        call.harness.onLoop { $0.interrupt("test") }
        #expect(
            far.take() == [
                #"{"type":"text","token":"Life ","last":false,"preemptible":true}"#,
                #"{"type":"text","token":"","last":true,"preemptible":true}"#,
            ])
    }

    @Test func theEndHandsOver() throws {
        let call = try start()
        call.harness.send(HandOff(data: "live-agent"))
        call.harness.send(KeysToPress("12#"))
        call.harness.send(LanguageChange(speech: "sv-SE"))
        call.harness.send(MediaToPlay(url: "https://a/b.mp3"))
        call.harness.end(.agentEnded)
        #expect(
            far.take() == [
                #"{"type":"sendDigits","digits":"12#"}"#, #"{"type":"language","ttsLanguage":"sv-SE"}"#,
                #"{"type":"play","source":"https://a/b.mp3","loop":1,"preemptible":false,"interruptible":true}"#,
                #"{"type":"end","handoffData":"live-agent"}"#, "END",
            ])
    }

    @Test func whoHungUpIsNotTold() throws {
        let call = try start()
        call.harness.end(.hungUp)
        #expect(far.take() == ["END"])
    }

    @Test func theOldDialectSendsWholeReplies() throws {
        var settings = RelayParameters.template
        settings.dialect = .responseCreate
        let call = try start(settings)
        try call.receive(prompt("What is life?"))
        call.harness.advance(by: .milliseconds(300))
        #expect(far.take() == [#"{"type":"response.create","response":{"speech":"Life is a complex set."}}"#])
    }

    @Test func reportsOfWhatWasPlayedAreExact() throws {
        let call = try start()
        try call.receive(prompt("What is life?"))
        call.harness.advance(by: .milliseconds(300))
        try call.receive(#"{"type":"info","name":"tokensPlayed","value":"Life is a"}"#)
        call.harness.onLoop { $0.interrupt("test") }
        #expect(spoke(call) == ["Life is a|"])
        try call.receive(prompt("Again"))
        call.harness.advance(by: .milliseconds(300))
        try call.receive(#"{"type":"info","name":"agentSpeaking","value":"off"}"#)
        #expect(spoke(call).last == "Life is a complex set.")
    }

    @Test func keysReachTheAgentAndErrorsTheRecords() throws {
        let call = try start()
        try call.receive(#"{"type":"dtmf","digit":"5"}"#)
        try call.receive(#"{"type":"error","description":"Invalid message received"}"#)
        #expect(call.harness.events.errors.map(\.message) == ["Twilio says: 'Invalid message received'"])
        #expect(far.take().isEmpty)
    }
}
