// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import ProviderDoubles
import Providers
import Testing

@Suite struct LanguageModelTests {
    private static func parameters(
        warmsUp: Bool = false, key: String? = nil
    ) -> OpenAIChat.Parameters {
        var parameters = OpenAIChat.Parameters.template
        parameters.model.warmsUp = warmsUp
        parameters.provider.apiKey = key.map { Secret($0) }
        return parameters
    }

    private func harness(
        _ double: any ProviderDouble, _ faults: DoubleFault..., parameters: OpenAIChat.Parameters = parameters()
    ) throws -> ModelHarness<OpenAIChat> {
        try ModelHarness(OpenAIChat.self, parameters, double, faults: faults)
    }

    @Test func streamsAReplyAndItsCalls() throws {
        let harness = try harness(Recorded(body: RecordedAnswer.openAI.body, delay: .milliseconds(300)))
        harness.ask()
        harness.advance(by: .seconds(1))
        #expect(
            harness.take() == [
                "<", "Grüß ", "Gott.", #"call_a=get_weather{"city":"Oslo"}"#, "call_b=time{}", "tools>",
            ])
        #expect(
            harness.figures == ["llm.ttfb_ms": 300, "llm.tokens_in": 9, "llm.tokens_cached": 4, "llm.tokens_out": 12])
        #expect(harness.errors.isEmpty)
        #expect(harness.finish().isEmpty)
    }

    @Test func holdsAConversation() throws {
        let harness = try harness(OpenAIChatDouble(says: ["Hello there.", "Goodbye."]))
        harness.ask("Hi", turn: 1)
        harness.advance(by: .seconds(1))
        harness.send(
            ModelRequest(
                turn: TurnID(2),
                messages: [Message(.user, "Hi"), Message(.assistant, "Hello there."), Message(.user, "Bye")]))
        harness.advance(by: .seconds(1))
        #expect(harness.take() == ["<", "Hello", " there.", ">", "<", "Goodbye.", ">"])
        #expect(harness.finish().isEmpty)
    }

    @Test func opensAConnectionBeforeTheFirstTurn() throws {
        let harness = try harness(OpenAIChatDouble(says: ["Hi."]), parameters: Self.parameters(warmsUp: true))
        harness.advance(by: .seconds(1))
        #expect(harness.network.journal.requests.map { "\($0.method) \($0.path)" } == ["GET /v1/models"])
        #expect(harness.finish().isEmpty)
    }

    @Test func saysAtOnceThatTheKeyIsWrong() throws {
        let harness = try harness(
            OpenAIChatDouble(says: ["Hi."], key: "right"),
            parameters: Self.parameters(warmsUp: true, key: "secret-key"))
        harness.advance(by: .seconds(1))
        let message =
            "the chat service: answered 401 (invalid_api_key): Incorrect API key provided.; check api_key"
        #expect(harness.errors == [message])
        #expect(harness.finish().isEmpty)
    }

    @Test(arguments: [DoubleFault.status(500), .refused, .cut(after: 0), .cut(after: 40)])
    func triesOnceMoreBeforeTheFirstWord(fault: DoubleFault) throws {
        let harness = try harness(Recorded(body: RecordedAnswer.openAI.body), fault)
        harness.ask()
        harness.advance(by: .seconds(1))
        #expect(harness.take().prefix(3) == ["<", "Grüß ", "Gott."])
        #expect(harness.errors.isEmpty)
        #expect(harness.network.journal.exchanges.count == 2)
        #expect(harness.figures["llm.retries"] == 1)
        #expect(harness.finish().isEmpty)
    }

    @Test func triesNotMoreThanOnce() throws {
        let harness = try harness(Recorded(body: ""), .status(500), .status(502), .status(500))
        harness.ask()
        harness.advance(by: .seconds(1))
        #expect(harness.take().isEmpty)
        #expect(harness.errors == ["the chat service: answered 502 (scripted): scripted"])
        #expect(harness.network.journal.exchanges.count == 2)
        #expect(harness.finish().isEmpty)
    }

    @Test(arguments: [400, 401, 403, 404, 429])
    func triesNotAgainWhatIsRefused(status: Int) throws {
        let harness = try harness(Recorded(body: ""), .status(status))
        harness.ask()
        harness.advance(by: .seconds(1))
        #expect(harness.errors.count == 1)
        #expect(harness.network.journal.exchanges.count == 1)
        #expect(harness.finish().isEmpty)
    }

    @Test func waitsForAModelThatIsBeingLoaded() throws {
        let loading = DoubleFault.status(503, "Loading model")
        let harness = try harness(OpenAIChatDouble(says: ["Hi."]), loading, loading, loading)
        harness.ask()
        harness.advance(by: .milliseconds(1400))
        #expect(harness.take().isEmpty)
        harness.advance(by: .milliseconds(200))
        #expect(harness.take() == ["<", "Hi.", ">"])
        #expect(harness.finish().isEmpty)
    }

    @Test func waitsForAModelNoLongerThanItMay() throws {
        let harness = try harness(OpenAIChatDouble(says: ["Hi."]))
        harness.network.routes.setLasting(.status(503, "Loading model"))
        harness.ask()
        harness.advance(by: .seconds(31))
        #expect(harness.errors == ["the chat service: answered 503 (scripted): Loading model"])
        #expect(harness.finish().isEmpty)
    }

    @Test(arguments: [DoubleFault.Stage.connect, .head, .bytes(0), .bytes(20)])
    func givesUpWhatHangsBeforeTheFirstWord(stage: DoubleFault.Stage) throws {
        let harness = try harness(Recorded(body: RecordedAnswer.openAI.body))
        harness.network.routes.setLasting(.hang(at: stage))
        harness.ask()
        harness.advance(by: .milliseconds(5100))
        #expect(harness.take().isEmpty)
        #expect(harness.network.journal.exchanges.count == 1)
        #expect(harness.errors == ["the chat service: no answer came within 5s (first_byte_timeout)"])
        #expect(harness.network.journal.isClean)
        #expect(harness.finish().isEmpty)
    }

    @Test func endsAReplyThatHangsInTheMiddle() throws {
        let harness = try harness(Recorded(body: RecordedAnswer.openAI.body), .hang(at: .bytes(250)))
        harness.ask()
        harness.advance(by: .seconds(11))
        #expect(harness.take() == ["<", "Grüß ", ">"])
        #expect(harness.errors == ["the chat service: nothing more came within 10s (idle_timeout)"])
        #expect(harness.network.journal.isClean)
        #expect(harness.finish().isEmpty)
    }

    @Test func leavesAProviderAloneThatFailsAgainAndAgain() throws {
        let harness = try harness(Recorded(body: ""))
        harness.network.routes.setLasting(.status(500))
        for turn in 1...4 {
            harness.ask(turn: turn)
            harness.advance(by: .milliseconds(10))
        }
        #expect(harness.network.journal.exchanges.count == CircuitBreaker.patience)
        #expect(harness.errors.last?.contains("is left alone for another") == true)
        harness.network.routes.setLasting(.none)
        harness.advance(by: .seconds(6))
        harness.ask(turn: 5)
        harness.advance(by: .seconds(1))
        #expect(harness.network.journal.exchanges.count > CircuitBreaker.patience)
        #expect(harness.finish().isEmpty)
    }

    @Test func closesTheConnectionWhenTheCallerBreaksIn() throws {
        for seed in UInt64(0)..<60 {
            var random = SeededGenerator(seed: seed)
            let reply = DoubleReply("One two three four five.", after: .milliseconds(200), gap: .milliseconds(50))
            let harness = try harness(OpenAIChatDouble(says: [reply]))
            harness.ask()
            harness.advance(by: .milliseconds(Int.random(in: 0...600, using: &random)))
            let isOver = harness.network.journal.isClean
            _ = harness.take()
            harness.interrupt()
            #expect(harness.network.journal.isClean)
            #expect(isOver || harness.network.journal.exchanges.map(\.end) == [.givenUp])
            harness.advance(by: .seconds(2))
            #expect(harness.take().isEmpty)
            #expect(harness.errors.isEmpty)
            #expect(harness.finish().isEmpty)
        }
    }
}
