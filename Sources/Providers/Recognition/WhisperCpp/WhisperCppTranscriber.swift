// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Sends recordings to `whisper-server`.
///
/// - SeeAlso: https://github.com/ggml-org/whisper.cpp/tree/master/examples/server
struct WhisperCppTranscriber: SegmentTranscriber {
    static let provider = "whisper.cpp"

    private let parameters: WhisperCppSTT.Parameters
    private let client: ProviderClient

    /// Creates a transcriber.
    init(_ parameters: WhisperCppSTT.Parameters) {
        self.parameters = parameters
        let timeouts = ProviderTimeouts(firstByte: parameters.finalDeadline, total: parameters.finalDeadline)
        client = ProviderClient(Self.provider, ProviderParameters(baseURL: parameters.baseURL, timeouts: timeouts))
    }

    nonisolated(nonsending) func transcribe(
        _ segment: SpeechSegment, _ output: ServiceOutput
    ) async throws -> TranscriptionAnswer {
        let request = request(segment, MultipartForm())
        // The server closes connections that were idle for 5 s: a stale one is tried again.
        return try await client.attempt(output) {
            try TranscriptionAnswer(await client.send(request, output).all())
        }
    }

    /// The request for a segment.
    func request(_ segment: SpeechSegment, _ form: MultipartForm) -> ProviderRequest {
        var form = form
        form.add("response_format", "verbose_json")
        form.add("temperature", "0.0")
        form.add("language", parameters.language)
        form.add("prompt", parameters.prompt)
        // The probabilities of all languages cost another pass over the audio.
        form.add("no_language_probabilities", "true")
        form.add("file", file: "utterance.wav", type: "audio/wav", segment.wave())
        var request = ProviderRequest("POST", url: client.parameters.url(parameters.path))
        request.headers = [("content-type", form.contentType)]
        request.body = form.finished()
        return request
    }
}
