// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// How Piper's HTTP server is asked: a WAV file for each sentence, from a path that depends on its release.
final class PiperServer: SpeechProvider {
    let client: ProviderClient
    let format: AudioFormat
    let expected: AudioFormat? = nil
    // The server gives nothing before all is done: shorter pieces are heard sooner.
    let longestText = 400
    private let parameters: PiperTTS.Parameters
    private var path = "/synthesize"

    init(_ parameters: PiperTTS.Parameters) {
        self.parameters = parameters
        client = ProviderClient("piper_tts", parameters.provider)
        format = AudioFormat(rateHz: parameters.rateHz)
    }

    var identity: String { "piper \(parameters.provider.baseURL) \(Self.content("", parameters))" }

    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        do {
            return try await ask(text, output)
        } catch let error as ProviderError where [404, 405].contains(error.status) && path != "/" {
            // Releases before 1.8 take sentences at the root.
            path = "/"
            return try await ask(text, output)
        }
    }

    nonisolated(nonsending) private func ask(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        let request = ProviderRequest.speech(
            parameters.provider.url(path), Self.content(text, parameters), headers: parameters.provider.bearer)
        // The server calls its WAV files text/html.
        return try HTTPSpeechAnswer(try await client.send(request, output))
    }

    /// The content of a request; a member without a value would be an error.
    static func content(_ text: String, _ parameters: PiperTTS.Parameters) -> JSONValue {
        var members: [JSONValue.Member] = [.init("text", .string(text))]
        if let voice = parameters.voice { members.append(.init("voice", .string(voice))) }
        if let speaker = parameters.speaker { members.append(.init("speaker_id", .integer(speaker))) }
        if let stretch = parameters.stretch { members.append(.init("length_scale", .number(stretch))) }
        return .object(members)
    }
}
