// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import PipelineTesting
import Providers
import Testing

@Suite struct ModelRequestTests {
    private static let conversation = ModelConversation(
        ModelRequest(
            turn: TurnID(2),
            messages: [
                Message(.system, "Be kind."), Message(.assistant, "Hello."), Message(.user, "Weather?"),
                Message(
                    .assistant, "",
                    toolCalls: [ToolCall(id: "a", name: "weather", arguments: #"{"city":"Oslo"}"#)]),
                Message(.tool, "3 C", toolCallID: "a"),
            ],
            tools: [ToolDefinition(name: "weather", description: "The weather.", arguments: ["type": "object"])]))

    private static func body<Dialect: ModelDialect>(
        _ dialect: Dialect.Type, _ parameters: Dialect.Parameters
    ) throws -> JSONValue {
        try JSONValue(parsing: Dialect.request(conversation, parameters).body.readableBytesView)
    }

    private static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    @Test func writesAChatCompletion() throws {
        var parameters = OpenAIChat.Parameters.template
        parameters.model.maxTokens = 300
        let expected = try Self.json(
            #"{"model":"gpt-4.1-mini","stream":true,"messages":[{"role":"system","content":"Be kind."},"#
                + #"{"role":"assistant","content":"Hello."},{"role":"user","content":"Weather?"},"#
                + #"{"role":"assistant","content":"","tool_calls":[{"id":"a","type":"function","function":"#
                + #"{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},"#
                + #"{"role":"tool","content":"3 C","tool_call_id":"a"}],"stream_options":{"include_usage":true},"#
                + #""tools":[{"type":"function","function":{"name":"weather","description":"The weather.","#
                + #""parameters":{"type":"object"}}}],"max_completion_tokens":300}"#)
        #expect(try Self.body(OpenAIChat.self, parameters) == expected)
    }

    @Test func callsTheLimitAsTheServerDoes() throws {
        var parameters = OpenAIChat.Parameters.template
        parameters.model.maxTokens = 300
        parameters.provider.baseURL = "http://127.0.0.1:8080/v1/"
        #expect(try Self.body(OpenAIChat.self, parameters)["max_tokens"] == 300)
        #expect(
            OpenAIChat.request(Self.conversation, parameters).url == "http://127.0.0.1:8080/v1/chat/completions")
        parameters.limitName = .maxCompletionTokens
        #expect(try Self.body(OpenAIChat.self, parameters)["max_completion_tokens"] == 300)
    }

    @Test func writesAMessageOfAnthropic() throws {
        let expected = try Self.json(
            #"{"model":"claude-haiku-4-5","stream":true,"max_tokens":1024,"system":[{"type":"text","text":"Be kind.","#
                + #""cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","#
                + #""text":"(The call begins.)"}]},{"role":"assistant","content":[{"type":"text","text":"Hello."}]},"#
                + #"{"role":"user","content":[{"type":"text","text":"Weather?"}]},{"role":"assistant","content":["#
                + #"{"type":"tool_use","id":"a","name":"weather","input":{"city":"Oslo"}}]},{"role":"user","content":["#
                + #"{"type":"tool_result","tool_use_id":"a","content":"3 C"}]}],"tools":[{"name":"weather","#
                + #""description":"The weather.","input_schema":{"type":"object"}}]}"#)
        #expect(try Self.body(AnthropicMessages.self, .template) == expected)
    }

    /// Anthropic refuses calls in a conversation of a request that describes no tools.
    @Test func namesToAnthropicWhatWasCalledWhenNothingMayBeCalledAnyMore() throws {
        let calls = ["weather", "book", "weather"].enumerated().map {
            ToolCall(id: "\($0)", name: $1, arguments: "{}")
        }
        let messages = [Message(.user, "Weather?"), Message(.assistant, "", toolCalls: calls)]
        let conversation = ModelConversation(ModelRequest(turn: TurnID(2), messages: messages))
        let body = AnthropicMessages.request(conversation, .template).body.readableBytesView
        let json = try JSONValue(parsing: body)
        #expect(json["tools"]?.array?.map { $0["name"] } == ["weather", "book"])
        #expect(json["tool_choice"] == ["type": "none"])
        let silent = ModelConversation(ModelRequest(turn: TurnID(2), messages: [Message(.user, "Weather?")]))
        let plain = try JSONValue(parsing: AnthropicMessages.request(silent, .template).body.readableBytesView)
        #expect(plain["tools"] == nil)
        #expect(plain["tool_choice"] == nil)
    }

    @Test func writesARequestToOllama() throws {
        let expected = try Self.json(
            #"{"model":"llama3.2","options":{"num_ctx":8192},"keep_alive":1800,"messages":[{"role":"system","#
                + #""content":"Be kind."},{"role":"assistant","content":"Hello."},{"role":"user","content":"Weather?"},"#
                + #"{"role":"assistant","content":"","tool_calls":[{"function":{"name":"weather","arguments":"#
                + #"{"city":"Oslo"}}}]},{"role":"tool","content":"3 C","tool_name":"weather"}],"stream":true,"#
                + #""tools":[{"type":"function","function":{"name":"weather","description":"The weather.","#
                + #""parameters":{"type":"object"}}}]}"#)
        #expect(try Self.body(OllamaChat.self, .template) == expected)
    }

    @Test func writesAResponse() throws {
        let expected = try Self.json(
            #"{"model":"gpt-4.1-mini","stream":true,"store":false,"instructions":"Be kind.","input":["#
                + #"{"role":"assistant","content":"Hello."},{"role":"user","content":"Weather?"},"#
                + #"{"type":"function_call","call_id":"a","name":"weather","arguments":"{\"city\":\"Oslo\"}"},"#
                + #"{"type":"function_call_output","call_id":"a","output":"3 C"}],"tools":[{"type":"function","#
                + #""name":"weather","description":"The weather.","parameters":{"type":"object"},"strict":false}]}"#)
        #expect(try Self.body(OpenAIResponses.self, .template) == expected)
    }

    @Test func addsWhatThePipelineFileSaysBesides() throws {
        var parameters = OpenAIChat.Parameters.template
        parameters.model.extra = YAMLNode(
            .mapping([
                YAMLPair(
                    key: "model", keyMark: SourceMark(file: "test"),
                    value: YAMLNode(.scalar(YAMLScalar("other")), at: SourceMark(file: "test")))
            ]), at: SourceMark(file: "test"))
        parameters.model.headers = ["OpenAI-Project": Secret("p")]
        let request = OpenAIChat.request(Self.conversation, parameters)
        #expect(try Self.body(OpenAIChat.self, parameters)["model"] == "other")
        #expect(request.headers.contains { $0 == ("openai-project", "p") })
    }

    @Test func sendsTheKeyAsEachServiceTakesIt() {
        func header(_ name: String, _ request: ProviderRequest) -> String? {
            request.headers.first { $0.name == name }?.value
        }
        var openAI = OpenAIChat.Parameters.template
        openAI.provider.apiKey = Secret("k1")
        #expect(header("authorization", OpenAIChat.request(Self.conversation, openAI)) == "Bearer k1")
        var anthropic = AnthropicMessages.Parameters.template
        anthropic.provider.apiKey = Secret("k2")
        let request = AnthropicMessages.request(Self.conversation, anthropic)
        #expect(header("x-api-key", request) == "k2")
        #expect(header("anthropic-version", request) == "2023-06-01")
    }
}
