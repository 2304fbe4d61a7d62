// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Uploads recordings to `/audio/transcriptions`.
///
/// - SeeAlso: https://platform.openai.com/docs/api-reference/audio/createTranscription
struct OpenAITranscriber: SegmentTranscriber {
    static let provider = "transcription service"

    private let parameters: OpenAISTT.Parameters
    private let client: ProviderClient

    /// Creates a transcriber.
    init(_ parameters: OpenAISTT.Parameters) {
        self.parameters = parameters
        let timeouts = ProviderTimeouts(firstByte: parameters.finalDeadline, total: parameters.finalDeadline)
        client = ProviderClient(
            Self.provider,
            ProviderParameters(baseURL: parameters.baseURL, apiKey: parameters.apiKey, timeouts: timeouts))
    }

    nonisolated(nonsending) func transcribe(
        _ segment: SpeechSegment, _ output: ServiceOutput
    ) async throws -> TranscriptionAnswer {
        let request = request(segment, MultipartForm())
        return try await client.attempt(output) {
            try TranscriptionAnswer(await client.send(request, output).all())
        }
    }

    /// The upload of a segment.
    func request(_ segment: SpeechSegment, _ form: MultipartForm) -> ProviderRequest {
        var form = form
        form.add("model", parameters.model)
        let whisper = parameters.model.contains("whisper")
        let format = parameters.responseFormat ?? (whisper ? .verbose : .json)
        form.add("response_format", format.rawValue)
        if format == .verbose {
            // With words alone there would be no segments, which say how sure the service is.
            form.add("timestamp_granularities[]", "word")
            form.add("timestamp_granularities[]", "segment")
        }
        form.add("temperature", "0")
        form.add("language", parameters.language)
        form.add("prompt", parameters.prompt)
        form.add("file", file: "utterance.wav", type: "audio/wav", segment.wave())
        var request = ProviderRequest("POST", url: client.parameters.url("/audio/transcriptions"))
        request.headers = [("content-type", form.contentType), ("accept", "application/json")]
        if let key = parameters.apiKey { request.headers.append(("authorization", "Bearer \(key.value)")) }
        request.body = form.finished()
        return request
    }
}
