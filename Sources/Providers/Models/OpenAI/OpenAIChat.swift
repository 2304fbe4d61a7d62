// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import PipelineKit

/// Chat completions, as OpenAI has them and half the world after it: Groq, Ollama, llama.cpp, vLLM, gateways.
package enum OpenAIChat: ModelDialect {
    package static let name = "openai_llm"
    package static let summary =
        "Asks a model by OpenAI's chat completions: OpenAI, Groq, llama.cpp, vLLM and others, by base_url."
    package static let provider = "the chat service"

    /// The name by which a service takes the limit of an answer.
    package enum LimitName: String, ParameterChoice {
        case maxCompletionTokens = "max_completion_tokens"
        case maxTokens = "max_tokens"

        package var summary: String {
            switch self {
            case .maxCompletionTokens: "OpenAI's name today; its newer models take no other"
            case .maxTokens: "the old name, which most other servers take"
            }
        }
    }

    /// What a pipeline file may set.
    package struct Parameters: ModelParameters {
        package var provider = ProviderParameters(baseURL: "https://api.openai.com/v1")
        package var model = ModelSettings("gpt-4.1-mini")
        /// The name of ``ModelSettings/maxTokens`` in requests; by the address if `nil`.
        package var limitName: LimitName?
        /// How much the model thinks before it speaks.
        package var reasoningEffort: String?
        /// Whether the service is asked what an answer cost.
        package var countsTokens = true

        package static let template = Self()
        package static let schema = ParameterSchema<Self>(
            .model(\.model.name),
            .baseURL(\.provider.baseURL), .apiKey(\.provider.apiKey),
            .maxTokens(\.model.maxTokens),
            .optional(
                "max_tokens_name", \.limitName,
                "What the service calls max_tokens; unset, OpenAI is sent the new name and everybody else the old one."),
            .temperature(\.model.temperature),
            .optional(
                "reasoning_effort", \.reasoningEffort,
                "How much a model that reasons thinks first, such as none, minimal or low; for a call the lowest."),
            .optional(
                "usage", \.countsTokens,
                "Whether the service is asked for its count of tokens; some old servers refuse to be."),
            .extra(\.model.extra), .headers(\.model.headers), .warmsUp(\.model.warmsUp),
            .loadTimeout(\.model.loadTimeout), .firstByteTimeout(\.provider.timeouts.firstByte),
            .idleTimeout(\.provider.timeouts.idle), .totalTimeout(\.provider.timeouts.total)
        )

        /// Whether this is OpenAI itself.
        var isOpenAI: Bool { provider.baseURL.contains("://api.openai.com") }

        package func validate(into issues: inout ParameterIssues) {
            issues.checkBaseURL(provider.baseURL)
            issues.check(model)
        }
    }

    package static func request(_ conversation: ModelConversation, _ parameters: Parameters) -> ProviderRequest {
        var request = request("POST", "/chat/completions", parameters)
        request.headers.append(("content-type", "application/json"))
        request.headers.append(("accept", "text/event-stream"))
        request.body = ByteBuffer(string: OpenAIChatRequest.body(conversation, parameters).description)
        return request
    }

    package static func decoder(_ parameters: Parameters, callPrefix: String) -> OpenAIChatDecoder {
        OpenAIChatDecoder(callPrefix: callPrefix, secrets: parameters.provider.apiKey.map { [$0] } ?? [])
    }

    package static func warmUp(_ parameters: Parameters) -> ProviderRequest { request("GET", "/models", parameters) }

    private static func request(_ method: String, _ path: String, _ parameters: Parameters) -> ProviderRequest {
        var request = ProviderRequest(method, url: parameters.provider.url(path))
        if let key = parameters.provider.apiKey { request.headers.append(("authorization", "Bearer \(key.value)")) }
        request.add(parameters.model.headers)
        return request
    }
}
