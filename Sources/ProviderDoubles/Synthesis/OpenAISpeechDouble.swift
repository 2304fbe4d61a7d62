// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// OpenAI's speech endpoint, as OpenAI and Groq serve it: samples at 24 kHz, or a WAV file at a rate of its own.
package struct OpenAISpeechDouble: ProviderDouble {
    private let speech: DoubleSpeech
    private let key: String?
    /// The rate of its WAV files.
    private let waveRateHz: Int

    /// Creates a double.
    ///
    /// - Parameter key: The key that it takes; any if `nil`.
    package init(_ speech: DoubleSpeech = DoubleSpeech(), key: String? = nil, waveRateHz: Int = 48_000) {
        self.speech = speech
        self.key = key
        self.waveRateHz = waveRateHz
    }

    package func answer(_ request: DoubleRequest) -> DoubleAnswer {
        if let key, request.header("authorization") != "Bearer \(key)" {
            return .error(401, "Incorrect API key provided.", code: "invalid_api_key")
        }
        guard request.method == "POST", request.path.hasSuffix("/audio/speech") else { return .notFound(request) }
        guard let body = request.json, let text = body["input"]?.string, !text.isEmpty else {
            return .error(400, "you must provide an input")
        }
        guard body["model"]?.string != nil, body["voice"]?.string != nil else {
            return .error(400, "you must provide a model and a voice")
        }
        switch body["response_format"]?.string {
        case "pcm":
            let bytes = speech.bytes(of: text, AudioFormat(rateHz: 24_000))
            return DoubleAnswer(contentType: "audio/pcm", body: speech.steps(bytes, byteRate: 48_000))
        case "wav":
            let bytes = speech.wave(of: text, rateHz: waveRateHz, streamed: true)
            return DoubleAnswer(contentType: "audio/wav", body: speech.steps(bytes, byteRate: 2 * waveRateHz))
        default: return DoubleAnswer(contentType: "audio/mpeg", body: [.bytes(Array("ID3".utf8))])
        }
    }
}
