// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
package import PipelineKit

/// Ollama's own interface: unlike its imitation of OpenAI's it lets the context be set, and keeps the model loaded.
package enum OllamaChat: ModelDialect {
    package static let name = "ollama_llm"
    package static let summary = "Asks a model on a server of one's own by Ollama's own interface."
    package static let provider = "Ollama"

    /// What a pipeline file may set.
    package struct Parameters: ModelParameters {
        /// A model that is not in memory is loaded first.
        package var provider = ProviderParameters(
            baseURL: "http://127.0.0.1:11434", timeouts: ProviderTimeouts(firstByte: .seconds(30)))
        package var model = ModelSettings("llama3.2")
        /// Tokens that the model can look back on.
        package var contextTokens = 8192
        /// How long the model stays in memory after an answer.
        package var keepAlive = Duration.seconds(1800)
        /// Whether a model that can think does so before it speaks.
        package var thinks: Bool?

        package static let template = Self()
        package static let schema = ParameterSchema<Self>(
            .model(\.model.name),
            .baseURL(\.provider.baseURL), .apiKey(\.provider.apiKey),
            .optional(
                "context_tokens", \.contextTokens, in: 512...10_000_000,
                "Tokens that the model can look back on; what exceeds them the server forgets without a word."),
            .optional(
                "keep_alive", \.keepAlive, in: .zero ... .seconds(604_800),
                "How long the model stays in memory after an answer; loading it takes seconds."),
            .optional(
                "think", \.thinks, "Whether a model that can think does so first; unset for models that cannot."),
            .maxTokens(\.model.maxTokens), .temperature(\.model.temperature),
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
        request(parameters, OllamaRequest.body(conversation, parameters))
    }

    package static func decoder(_ parameters: Parameters, callPrefix: String) -> OllamaDecoder {
        OllamaDecoder(callPrefix: callPrefix, secrets: parameters.provider.apiKey.map { [$0] } ?? [])
    }

    /// A request without messages loads the model.
    package static func warmUp(_ parameters: Parameters) -> ProviderRequest {
        request(parameters, OllamaRequest.loading(parameters))
    }

    package static func explained(_ error: ProviderError, _ parameters: Parameters) -> ProviderError {
        guard error.status == 404 else { return error }
        var error = error
        error.message = "it has no model '\(parameters.model.name)'; run 'ollama pull \(parameters.model.name)'"
        return error
    }

    private static func request(_ parameters: Parameters, _ body: JSONValue) -> ProviderRequest {
        var request = ProviderRequest("POST", url: parameters.provider.url("/api/chat"))
        request.headers.append(("content-type", "application/json"))
        if let key = parameters.provider.apiKey { request.headers.append(("authorization", "Bearer \(key.value)")) }
        request.add(parameters.model.headers)
        request.body = ByteBuffer(string: body.description)
        return request
    }
}
