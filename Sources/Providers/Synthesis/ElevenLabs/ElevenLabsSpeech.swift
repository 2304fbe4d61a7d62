// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import NIOCore
import PipelineKit

/// How ElevenLabs is asked.
final class ElevenLabsSpeech: SpeechProvider {
    let client: ProviderClient
    let format: AudioFormat
    // Every model takes at least 3000; a sentence is never so long.
    let longestText = 2500
    private let parameters: ElevenLabsTTS.Parameters
    private let socket: SpeechSocket?

    init(_ parameters: ElevenLabsTTS.Parameters) {
        self.parameters = parameters
        client = ProviderClient("elevenlabs_tts", parameters.provider)
        format = parameters.format
        guard parameters.mode == .websocket else {
            socket = nil
            return
        }
        let settings = Self.voiceSettings(parameters)
        socket = SpeechSocket(client, Self.socketRequest(parameters)) { ElevenLabsContexts(settings: settings) }
    }

    var identity: String { Self.request("", parameters).url + Self.content("", parameters).description }

    nonisolated(nonsending) func open(_ output: ServiceOutput) async throws { try await socket?.open(output) }

    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        if let socket { return try await socket.speak(text, output) }
        return ElevenLabsLines(try await client.send(Self.request(text, parameters), output))
    }

    nonisolated(nonsending) func close() async { socket?.close() }

    // MARK: Requests

    /// The request of one sentence.
    static func request(_ text: String, _ parameters: ElevenLabsTTS.Parameters) -> ProviderRequest {
        .speech(
            parameters.provider.url(path(parameters)) + "/stream/with-timestamps?output_format=\(output(parameters))",
            content(text, parameters), headers: headers(parameters))
    }

    /// The request of a socket.
    static func socketRequest(_ parameters: ElevenLabsTTS.Parameters) -> ProviderRequest {
        var query = FormText()
        query.add("model_id", parameters.model)
        query.add("output_format", output(parameters))
        query.add("language_code", parameters.language)
        query.add("inactivity_timeout", "180")
        query.add("sync_alignment", "true")
        query.add("auto_mode", "true")
        let url = parameters.provider.url(path(parameters)) + "/multi-stream-input?" + query.text
        var request = ProviderRequest(url: "ws" + url.dropFirst("http".count))
        request.headers = headers(parameters)
        return request
    }

    private static func content(_ text: String, _ parameters: ElevenLabsTTS.Parameters) -> JSONValue {
        var members: [JSONValue.Member] = [.init("text", .string(text)), .init("model_id", .string(parameters.model))]
        if let language = parameters.language { members.append(.init("language_code", .string(language))) }
        let settings = voiceSettings(parameters)
        if settings.members?.isEmpty == false { members.append(.init("voice_settings", settings)) }
        return .object(members)
    }

    /// What is to be different from the voice's own settings.
    private static func voiceSettings(_ parameters: ElevenLabsTTS.Parameters) -> JSONValue {
        let settings = [
            ("stability", parameters.stability), ("similarity_boost", parameters.similarity),
            ("speed", parameters.speed),
        ]
        return .object(settings.compactMap { name, value in value.map { .init(name, .number($0)) } })
    }

    private static func path(_ parameters: ElevenLabsTTS.Parameters) -> String {
        "/v1/text-to-speech/" + FormText.encoded(parameters.voice)
    }

    private static func output(_ parameters: ElevenLabsTTS.Parameters) -> String {
        switch parameters.encoding {
        case .linear16: "pcm_\(parameters.rateHz)"
        case .mulaw: "ulaw_\(parameters.rateHz)"
        case .alaw: "alaw_\(parameters.rateHz)"
        }
    }

    private static func headers(_ parameters: ElevenLabsTTS.Parameters) -> [(name: String, value: String)] {
        parameters.provider.apiKey.map { [("xi-api-key", $0.value)] } ?? []
    }
}

/// An answer of lines, each a JSON object with audio and the times of its characters.
final class ElevenLabsLines: SpeechAnswer {
    private static let longestLine = 16 << 20

    private let reader: ProviderReader
    private var lines = LineReader(maxLineBytes: ElevenLabsLines.longestLine)
    private var waiting: Deque<SpeechPart> = []
    private var isAtEnd = false

    /// Begins to read an answer.
    init(_ reader: ProviderReader) { self.reader = reader }

    nonisolated(nonsending) func next(_ output: ServiceOutput) async throws -> SpeechPart? {
        while waiting.isEmpty, !isAtEnd {
            if let bytes = try await reader.next() {
                for line in try lines.take(bytes) { try take(line) }
            } else {
                isAtEnd = true
                if let line = lines.rest() { try take(line) }
            }
        }
        return waiting.popFirst()
    }

    func giveUp() { reader.giveUp() }

    private func take(_ line: ByteBuffer) throws(ProviderError) {
        guard !line.readableBytesView.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return }
        waiting.append(contentsOf: try ElevenLabsMessage(line).parts)
    }
}
