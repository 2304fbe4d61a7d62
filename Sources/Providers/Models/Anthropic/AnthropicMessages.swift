// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import PipelineKit

/// Anthropic's Messages.
package enum AnthropicMessages: ModelDialect {
    package static let name = "anthropic_llm"
    package static let summary = "Asks a Claude model by Anthropic's Messages."
    package static let provider = "Anthropic"

    /// What a pipeline file may set.
    package struct Parameters: ModelParameters {
        package var provider = ProviderParameters(baseURL: "https://api.anthropic.com/v1")
        package var model = ModelSettings("claude-haiku-4-5", maxTokens: 1024)
        /// Whether the service keeps the instructions between turns.
        package var cachesPrompt = true

        package static let template = Self()
        package static let schema = ParameterSchema<Self>(
            .model(\.model.name),
            .baseURL(\.provider.baseURL), .apiKey(\.provider.apiKey),
            .maxTokens(\.model.maxTokens),
            .temperature(\.model.temperature),
            .optional(
                "cache_prompt", \.cachesPrompt,
                "Whether the service keeps long instructions between turns, which makes answers begin sooner."),
            .extra(\.model.extra), .headers(\.model.headers), .warmsUp(\.model.warmsUp),
            .firstByteTimeout(\.provider.timeouts.firstByte), .idleTimeout(\.provider.timeouts.idle),
            .totalTimeout(\.provider.timeouts.total)
        )

        package func validate(into issues: inout ParameterIssues) {
            issues.checkBaseURL(provider.baseURL)
            issues.check(model)
            if model.maxTokens == nil { issues.error("max_tokens", "it is empty; the service demands a number") }
        }
    }

    package static func request(_ conversation: ModelConversation, _ parameters: Parameters) -> ProviderRequest {
        var request = request("POST", "/messages", parameters)
        request.headers.append(("content-type", "application/json"))
        request.body = ByteBuffer(string: AnthropicRequest.body(conversation, parameters).description)
        return request
    }

    package static func decoder(_ parameters: Parameters, callPrefix: String) -> AnthropicDecoder {
        AnthropicDecoder(callPrefix: callPrefix, secrets: parameters.provider.apiKey.map { [$0] } ?? [])
    }

    package static func warmUp(_ parameters: Parameters) -> ProviderRequest { request("GET", "/models", parameters) }

    private static func request(_ method: String, _ path: String, _ parameters: Parameters) -> ProviderRequest {
        var request = ProviderRequest(method, url: parameters.provider.url(path))
        request.headers.append(("anthropic-version", "2023-06-01"))
        if let key = parameters.provider.apiKey { request.headers.append(("x-api-key", key.value)) }
        request.add(parameters.model.headers)
        return request
    }
}
