// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting

@testable import Processors

/// An agent with tools, on a virtual clock: the test decides about turns, and what the model says to a request.
struct ToolAgent {
    let harness: PipelineHarness
    let output = RecordingOutput()
    private let requests = FrameLog()
    private let results = FrameLog()
    private let conversation = Box<Conversation>()

    init(
        _ tools: [any Tool], on loop: SessionLoop = .virtual(), _ change: (inout ToolsParameters) -> Void = { _ in },
        model: @escaping @Sendable (ModelRequest) -> FakeLanguageModel.Reply
    ) throws {
        var changed = ToolsParameters.template
        change(&changed)
        let (parameters, configured) = (changed, tools.map { ConfiguredTool.tool($0) })
        var greeting = UserContext.Parameters.template
        greeting.greet = false
        let (context, requests, results, conversation) = (greeting, requests, results, conversation)
        var builder = PipelineBuilder("tools")
        builder.add(Caller(NoParameters()))
        builder.add(UpstreamResults(results))
        builder.add(UserContext(context))
        builder.add(Tap(requests), id: "requests")
        builder.add(FakeLanguageModel(model))
        builder.add(Tools(parameters, tools: configured))
        builder.add(Sentences(.template))
        builder.add(FakeTextToSpeech(FakeTextToSpeech.Voice()))
        builder.add(Speaker(SpeakerParameters()))
        builder.add(AssistantContext(NoParameters()))
        builder.add(ConversationLoan(conversation))
        let call = Call(id: "test", transport: "harness", output: output)
        harness = try PipelineHarness(builder.build(), on: loop, call: call)
        harness.advance(by: .zero)
    }

    /// The caller has said something.
    func say(_ text: String, turn: Int) {
        harness.send(TurnStarted(turn: TurnID(turn)))
        harness.send(TurnEnded(turn: TurnID(turn), text: text))
    }

    func interrupt() { harness.onLoop { $0.interrupt("test") } }

    /// What the model was asked so far.
    var asked: [ModelRequest] { requests.frames.compactMap { $0[ModelRequest.self] } }
    /// What came of calls so far.
    var answered: [ToolResult] { results.frames.compactMap { $0[ToolResult.self] } }
    /// The conversation as the next turn tells it.
    var messages: [Message] { conversation.value?.messages() ?? [] }

    /// What was heard.
    var heard: [String] {
        harness.events.all.compactMap { entry in
            if case .spoke(_, let heard, _, _) = entry.event { heard } else { nil }
        }
    }

    /// Calls in the conversation, and how many results each got.
    var resultsOfCalls: [Int] {
        messages.flatMap(\.toolCalls).map { call in answered.count { $0.call.id == call.id } }
    }
}

/// Writes down the results that travel upstream.
private struct UpstreamResults: Processor {
    static let name = "upstream_results"
    static let summary = "Writes down the results that travel upstream."

    private let log: FrameLog?

    init(_ parameters: NoParameters) { log = nil }
    init(_ log: FrameLog) { self.log = log }

    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
    mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) {
        if frame[ToolResult.self] != nil { log?.append(frame) }
    }
}

/// Takes hold of a session's conversation.
private struct ConversationLoan: Processor {
    static let name = "conversation_loan"
    static let summary = "Takes hold of a session's conversation."

    private let box: Box<Conversation>?

    init(_ parameters: NoParameters) { box = nil }
    init(_ box: Box<Conversation>) { self.box = box }

    mutating func start(_ context: inout ProcessorContext) { box?.value = context.shared { Conversation() } }
    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) { context.emit(frame) }
}

/// A tool that takes a time and remembers when it began and finished.
///
/// `@unchecked Sendable`: with a virtual loop, session and test run on the same thread.
final class SlowTool: Tool, @unchecked Sendable {
    static let name = "slow_tool"
    static let summary = "Takes a time."

    let definition: ToolDefinition
    let policy: ToolPolicy
    private let duration: Duration
    private let failure: String?
    private(set) var begun: [(time: MediaTime, key: String)] = []
    private(set) var finished: [MediaTime] = []

    convenience init(_ parameters: NoParameters) { self.init("slow_tool", takes: .zero) }

    init(_ name: String, takes duration: Duration, _ policy: ToolPolicy = ToolPolicy(), failure: String? = nil) {
        definition = ToolDefinition(
            name: name, description: "",
            arguments: [
                "type": "object", "properties": ["city": ["type": "string"]], "additionalProperties": false,
            ])
        self.policy = policy
        self.duration = duration
        self.failure = failure
    }

    nonisolated(nonsending) func run(_ invocation: ToolInvocation, _ output: ServiceOutput) async throws -> String {
        begun.append((output.now, invocation.idempotencyKey))
        try await output.sleep(for: duration)
        finished.append(output.now)
        if let failure { throw PipelineError(.provider, failure) }
        return "\(definition.name) is done"
    }
}

extension FakeLanguageModel.Reply {
    /// An answer that calls tools without a word.
    static func calling(_ calls: [(name: String, arguments: String)]) -> Self { calling("", calls) }

    /// An answer that calls tools behind its words.
    static func calling(_ text: String, _ calls: [(name: String, arguments: String)]) -> Self {
        let calls = calls.enumerated().map { ToolCall(id: "c\($0)", name: $1.name, arguments: $1.arguments) }
        return Self(text.isEmpty ? [] : [text], firstToken: .milliseconds(100), gap: .zero, calls: calls)
    }

    /// An answer in words.
    static func saying(_ text: String, after delay: Duration = .milliseconds(100)) -> Self {
        Self([text], firstToken: delay, gap: .zero)
    }
}

extension ModelRequest {
    /// Whether the request comes with the results of calls.
    var hasResults: Bool { messages.last?.role == .tool }
}
