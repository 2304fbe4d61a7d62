// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// How Coqui's `tts-server` is asked: a form for each sentence, a WAV file back.
final class CoquiServer: SpeechProvider {
    let client: ProviderClient
    let format: AudioFormat
    let expected: AudioFormat? = nil
    // One lock serves all sessions, and nothing comes before all is done: shorter pieces are heard sooner.
    let longestText = 400
    private let parameters: CoquiTTS.Parameters

    init(_ parameters: CoquiTTS.Parameters) {
        self.parameters = parameters
        client = ProviderClient("coqui_tts", parameters.provider)
        format = AudioFormat(rateHz: parameters.rateHz)
    }

    var identity: String { "coqui \(parameters.provider.baseURL) \(Self.form("", parameters))" }

    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        var request = ProviderRequest("POST", url: parameters.provider.url("/api/tts"))
        request.headers = [("content-type", "application/x-www-form-urlencoded")]
        request.body = ByteBuffer(string: Self.form(text, parameters))
        return try HTTPSpeechAnswer(try await client.send(request, output))
    }

    /// The content of a request.
    static func form(_ text: String, _ parameters: CoquiTTS.Parameters) -> String {
        var form = FormText()
        form.add("text", text)
        form.add("speaker_id", parameters.speaker)
        form.add("language_id", parameters.language)
        return form.text
    }
}
