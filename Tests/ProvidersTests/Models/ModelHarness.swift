// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers

/// One model adapter alone in a session, with a network of doubles.
final class ModelHarness<Dialect: ModelDialect> {
    let network = DoubleNetwork()
    private let log = FrameLog()
    private let pipeline: PipelineHarness

    /// Creates a session whose model is answered by `double`; without a warm-up unless it is asked for.
    init(
        _ dialect: Dialect.Type, _ parameters: Dialect.Parameters, _ double: any ProviderDouble,
        faults: [DoubleFault] = []
    ) throws {
        let loop = SessionLoop.virtual()
        loop.lend(network, as: (any ProviderNetwork).self)
        network.routes.add(double)
        for fault in faults { network.routes.queue(fault) }
        let log = log
        var builder = PipelineBuilder("model", limits: .unhurried)
        builder.add(LanguageModel<Dialect>(parameters), id: "llm", onError: .continue)
        builder.add(Tap(log))
        pipeline = try PipelineHarness(builder.build(), on: loop)
    }

    func ask(_ text: String = "Hello", turn: Int = 1, tools: [ToolDefinition] = []) {
        let messages = [Message(.system, "Be kind."), Message(.user, text)]
        send(ModelRequest(turn: TurnID(turn), messages: messages, tools: tools))
    }

    func send(_ request: ModelRequest) { pipeline.send(request) }
    func advance(by duration: Duration) { pipeline.advance(by: duration) }
    func interrupt() { pipeline.onLoop { $0.interrupt("test") } }

    /// What came out, a word for each frame.
    func take() -> [String] {
        log.take().compactMap { frame in
            if frame[ResponseStarted.self] != nil { return "<" }
            if let text = frame[ModelText.self] { return text.text }
            if let call = frame[ToolCall.self] { return "\(call.id)=\(call.name)\(call.arguments)" }
            return frame[ResponseEnded.self].map { $0.awaitsTools ? "tools>" : ">" }
        }
    }

    var errors: [String] { pipeline.events.errors.map(\.message) }

    /// The figures that were reported, by name.
    var figures: [String: Double] {
        pipeline.events.all.reduce(into: [:]) { figures, entry in
            if case .metric(let name, let value) = entry.event { figures[name] = value }
        }
    }

    /// Ends the session; returns what is left behind.
    func finish() -> [String] {
        guard let report = pipeline.end() else { return ["the session does not end"] }
        return report.abandoned + (network.journal.isClean ? [] : ["a connection is open"])
    }
}

/// Answers everything with the same recording.
struct Recorded: ProviderDouble {
    var body: String
    var delay = Duration.zero

    func answer(_ request: DoubleRequest) -> DoubleAnswer {
        if request.method == "GET" { return .json(["data": []]) }
        return DoubleAnswer(delay: delay, body: [.text(body)])
    }
}

/// An exchange as the provider's documentation shows it, and what it means.
struct RecordedAnswer: Sendable {
    /// The content of the answer.
    var body: String
    /// What is said.
    var text: String
    /// What is called.
    var calls: [ToolCall] = []
    /// What it cost.
    var usage: ModelUsage?

    static let weather = [
        ToolCall(id: "call_a", name: "get_weather", arguments: #"{"city":"Oslo"}"#),
        ToolCall(id: "call_b", name: "time", arguments: "{}"),
    ]
}

/// Takes an answer in pieces; what it comes to, or the error.
func decode<Decoder: ModelDecoder>(
    _ decoder: Decoder, _ pieces: some Sequence<some Sequence<UInt8>>
) -> Result<[ModelEvent], ProviderError> {
    var decoder = decoder
    var events: [ModelEvent] = []
    do throws(ProviderError) {
        for piece in pieces { events += try decoder.take(ByteBuffer(bytes: piece)) }
        events += try decoder.finish()
        return .success(events)
    } catch {
        return .failure(error)
    }
}

extension [ModelEvent] {
    var text: String { compactMap { if case .text(let text) = $0 { text } else { nil } }.joined() }
    var calls: [ToolCall] { compactMap { if case .call(let call) = $0 { call } else { nil } } }
    var usage: ModelUsage? { compactMap { if case .usage(let usage) = $0 { usage } else { nil } }.last }
}
