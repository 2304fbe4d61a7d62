// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting

@testable import Processors

/// A whole agent made of doubles, around the processors of a turn.
///
/// The recogniser hears the next of `says`, 100 ms after each utterance; the model repeats its last message or says
/// `reply`.
struct AgentPipeline {
    let harness: PipelineHarness
    let output = RecordingOutput()
    let requests = FrameLog()
    private let conversation = Box<Conversation>()

    init(
        says: [String], recogniserDelay: Duration = .milliseconds(100), reply: FakeLanguageModel.Reply? = nil,
        greet: Bool = false, hangover: Duration = .milliseconds(400),
        _ change: (inout TurnParameters) -> Void = { _ in }
    ) throws {
        var turn = TurnParameters.template
        change(&turn)
        let parameters = turn
        let greeting = Self.greeting(greet)
        let requests = requests
        let shared = conversation
        var builder = PipelineBuilder("agent")
        builder.add(Caller(NoParameters()))
        builder.add(FakeVoiceActivity(hangover: hangover))
        builder.add(Turn(parameters))
        builder.add(FakeSpeechToText(says: says) { _ in recogniserDelay })
        builder.add(UserContext(greeting))
        builder.add(Tap(requests), id: "requests")
        builder.add(FakeLanguageModel { Self.answer($0, reply) })
        builder.add(Sentences(.template))
        builder.add(FakeTextToSpeech(FakeTextToSpeech.Voice()))
        builder.add(Speaker(SpeakerParameters()))
        builder.add(AssistantContext(NoParameters()))
        builder.add(ConversationProbe(shared))
        harness = try PipelineHarness(builder.build(), call: Call(id: "test", transport: "harness", output: output))
    }

    private static func greeting(_ isWanted: Bool) -> UserContext.Parameters {
        var parameters = UserContext.Parameters.template
        parameters.greet = isWanted
        return parameters
    }

    private static func answer(_ request: ModelRequest, _ reply: FakeLanguageModel.Reply?) -> FakeLanguageModel.Reply {
        if let reply { return reply }
        let words = request.messages.last { $0.role == .user }?.text ?? "nothing"
        return FakeLanguageModel.Reply(["You said ", words, "."])
    }

    /// What the conversation holds.
    var messages: [Message] { conversation.value?.messages() ?? [] }

    /// What the model was asked, without prompts.
    var asked: [ModelRequest] { requests.frames.compactMap { $0[ModelRequest.self] } }

    /// What was spoken, by turn.
    var spoken: [(turn: TurnID, heard: String, planned: String, isInterrupted: Bool)] {
        harness.events.all.compactMap { entry in
            guard case .spoke(let turn, let heard, let planned, let isInterrupted) = entry.event else { return nil }
            return (turn, heard, planned, isInterrupted)
        }
    }

    /// The latency breakdowns.
    var records: [TurnRecord] {
        harness.events.all.compactMap { if case .turn(let record) = $0.event { record } else { nil } }
    }
}

/// Holds what a session shares for the test that drives it.
///
/// `@unchecked Sendable`: with a virtual loop, session and test run on the same thread.
final class Box<Value>: @unchecked Sendable {
    var value: Value?
}

/// Takes hold of a session's conversation.
private struct ConversationProbe: Processor {
    static let name = "conversation_probe"
    static let summary = "Takes hold of a session's conversation."

    private let box: Box<Conversation>?

    init(_ parameters: NoParameters) { box = nil }
    init(_ box: Box<Conversation>) { self.box = box }

    mutating func start(_ context: inout ProcessorContext) { box?.value = context.shared { Conversation() } }
    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
}
