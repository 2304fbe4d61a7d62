// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// How Deepgram Aura is asked.
final class DeepgramSpeech: SpeechProvider {
    let client: ProviderClient
    let format: AudioFormat
    let longestText = 2000
    private let parameters: DeepgramTTS.Parameters
    private let socket: SpeechSocket?
    private var budget = FlushBudget()

    init(_ parameters: DeepgramTTS.Parameters) {
        self.parameters = parameters
        client = ProviderClient("deepgram_tts", parameters.provider)
        format = parameters.format
        guard parameters.mode == .websocket else {
            socket = nil
            return
        }
        socket = SpeechSocket(client, Self.socketRequest(parameters)) { DeepgramSpeechStream() }
    }

    var identity: String { Self.url(parameters) }

    nonisolated(nonsending) func open(_ output: ServiceOutput) async throws { try await socket?.open(output) }

    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        if let socket, budget.take(at: output.now) { return try await socket.speak(text, output) }
        return try HTTPSpeechAnswer(try await client.send(Self.request(text, parameters), output))
    }

    nonisolated(nonsending) func close() async { socket?.close() }

    // MARK: Requests

    /// The request of one sentence.
    static func request(_ text: String, _ parameters: DeepgramTTS.Parameters) -> ProviderRequest {
        .speech(url(parameters) + "&container=none", ["text": .string(text)], headers: headers(parameters))
    }

    /// The request of a socket.
    static func socketRequest(_ parameters: DeepgramTTS.Parameters) -> ProviderRequest {
        var request = ProviderRequest(url: "ws" + url(parameters).dropFirst("http".count))
        request.headers = headers(parameters)
        return request
    }

    private static func url(_ parameters: DeepgramTTS.Parameters) -> String {
        var query = FormText()
        query.add("model", parameters.model)
        query.add("encoding", parameters.encoding.rawValue)
        query.add("sample_rate", String(parameters.rateHz))
        query.add("speed", parameters.speed.map { JSONValue.number($0).description })
        return parameters.provider.url("/v1/speak?") + query.text
    }

    private static func headers(_ parameters: DeepgramTTS.Parameters) -> [(name: String, value: String)] {
        parameters.provider.apiKey.map { [("authorization", "Token \($0.value)")] } ?? []
    }
}
