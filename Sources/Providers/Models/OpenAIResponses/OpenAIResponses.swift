// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import PipelineKit

/// OpenAI's Responses, without anything kept at the service.
package enum OpenAIResponses: ModelDialect {
    package static let name = "openai_responses_llm"
    package static let summary = "Asks a model by OpenAI's Responses."
    package static let provider = "OpenAI"

    /// What a pipeline file may set.
    package struct Parameters: ModelParameters {
        package var provider = ProviderParameters(baseURL: "https://api.openai.com/v1")
        package var model = ModelSettings("gpt-4.1-mini")
        /// How much the model thinks before it speaks.
        package var reasoningEffort: String?

        package static let template = Self()
        package static let schema = ParameterSchema<Self>(
            .model(\.model.name),
            .baseURL(\.provider.baseURL), .apiKey(\.provider.apiKey),
            .maxTokens(\.model.maxTokens), .temperature(\.model.temperature),
            .optional(
                "reasoning_effort", \.reasoningEffort,
                "How much a model that reasons thinks first, such as none, minimal or low; for a call the lowest."),
            .extra(\.model.extra), .headers(\.model.headers), .warmsUp(\.model.warmsUp),
            .firstByteTimeout(\.provider.timeouts.firstByte), .idleTimeout(\.provider.timeouts.idle),
            .totalTimeout(\.provider.timeouts.total)
        )

        package func validate(into issues: inout ParameterIssues) {
            issues.checkBaseURL(provider.baseURL)
            issues.check(model)
        }
    }

    package static func request(_ conversation: ModelConversation, _ parameters: Parameters) -> ProviderRequest {
        var request = request("POST", "/responses", parameters)
        request.headers.append(("content-type", "application/json"))
        request.headers.append(("accept", "text/event-stream"))
        request.body = ByteBuffer(string: OpenAIResponsesRequest.body(conversation, parameters).description)
        return request
    }

    package static func decoder(_ parameters: Parameters, callPrefix: String) -> OpenAIResponsesDecoder {
        OpenAIResponsesDecoder(callPrefix: callPrefix, secrets: parameters.provider.apiKey.map { [$0] } ?? [])
    }

    package static func warmUp(_ parameters: Parameters) -> ProviderRequest { request("GET", "/models", parameters) }

    private static func request(_ method: String, _ path: String, _ parameters: Parameters) -> ProviderRequest {
        var request = ProviderRequest(method, url: parameters.provider.url(path))
        if let key = parameters.provider.apiKey { request.headers.append(("authorization", "Bearer \(key.value)")) }
        request.add(parameters.model.headers)
        return request
    }
}
