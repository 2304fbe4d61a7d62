// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Providers

/// Piper's HTTP server: protocols/piper-coqui.md, section 1.
package struct PiperDouble: ProviderDouble {
    private let speech: DoubleSpeech
    private let rateHz: Int
    private let path: String

    /// Creates a double.
    ///
    /// - Parameter isOld: Whether it takes sentences at the root, as releases before 1.8 do.
    package init(_ speech: DoubleSpeech = DoubleSpeech(), rateHz: Int = 22_050, isOld: Bool = false) {
        self.speech = speech
        self.rateHz = rateHz
        path = isOld ? "/" : "/synthesize"
    }

    package func answer(_ request: DoubleRequest) -> DoubleAnswer {
        guard request.method == "POST" else { return .notFound(request) }
        guard request.path == path else { return page(request.path == "/" ? 405 : 404) }
        guard request.header("content-type") != "application/x-www-form-urlencoded",
            let text = request.json?["text"]?.string, text.contains(where: { $0.isLetter || $0.isNumber })
        else { return page(500) }
        let bytes = speech.wave(of: text, rateHz: rateHz)
        return DoubleAnswer(contentType: "text/html; charset=utf-8", body: speech.steps(bytes, byteRate: 2 * rateHz))
    }

    private func page(_ status: Int) -> DoubleAnswer {
        DoubleAnswer(status: status, contentType: "text/html", body: [.text("<!doctype html><title>\(status)</title>")])
    }
}

/// Coqui's `tts-server` and the XTTS streaming server: protocols/piper-coqui.md, sections 2 and 3.
package struct CoquiDouble: ProviderDouble {
    private let speech: DoubleSpeech

    /// Creates a double.
    package init(_ speech: DoubleSpeech = DoubleSpeech()) { self.speech = speech }

    package func answer(_ request: DoubleRequest) -> DoubleAnswer {
        switch request.path {
        case "/api/tts":
            let form = DoubleRequest(
                method: "GET", host: "", target: "/?" + String(buffer: request.body))
            guard let text = form.parameter("text") ?? request.parameter("text"), !text.isEmpty else {
                return .json(["error": "Text parameter is required"], status: 400)
            }
            let bytes = speech.wave(of: text, rateHz: 22_050)
            return DoubleAnswer(contentType: "audio/wav", body: speech.steps(bytes, byteRate: 44_100))
        case "/studio_speakers":
            return .json(["Claribel Dervla": ["speaker_embedding": [0.25, -0.5], "gpt_cond_latent": [[0.125]]]])
        case "/tts_stream": return stream(request)
        default: return .notFound(request)
        }
    }

    private func stream(_ request: DoubleRequest) -> DoubleAnswer {
        guard let body = request.json, let text = body["text"]?.string, body["language"]?.string != nil,
            body["speaker_embedding"]?.array != nil, body["gpt_cond_latent"]?.array != nil,
            body["stream_chunk_size"]?.string != nil
        else { return .json(["detail": [["msg": "Field required", "type": "missing"]]], status: 422) }
        let hasHeader = body["add_wav_header"] != false
        let bytes =
            hasHeader
            ? speech.wave(of: text, rateHz: 24_000, streamed: true)
            : speech.bytes(of: text, AudioFormat(rateHz: 24_000))
        return DoubleAnswer(contentType: "audio/wav", body: speech.steps(bytes, byteRate: 48_000))
    }
}

/// A Wyoming synthesiser: protocols/wyoming.md, sections 1 and 2.4.
package struct WyomingSpeechDouble: ProviderDouble {
    private let speech: DoubleSpeech
    private let rateHz: Int
    private let closesAfterEach: Bool

    /// Creates a double.
    ///
    /// - Parameter closesAfterEach: Whether it ends the connection behind each answer, as some servers do.
    package init(_ speech: DoubleSpeech = DoubleSpeech(), rateHz: Int = 22_050, closesAfterEach: Bool = false) {
        self.speech = speech
        self.rateHz = rateHz
        self.closesAfterEach = closesAfterEach
    }

    package func dialled() -> any DoublePeer { Peer(speech, rateHz, closesAfterEach) }

    private final class Peer: DoublePeer {
        private let speech: DoubleSpeech
        private let rateHz: Int
        private let closesAfterEach: Bool
        private var reader = WyomingDecoder()

        init(_ speech: DoubleSpeech, _ rateHz: Int, _ closesAfterEach: Bool) {
            self.speech = speech
            self.rateHz = rateHz
            self.closesAfterEach = closesAfterEach
        }

        func received(_ message: ProviderMessage) -> [DoubleStep] {
            guard case .binary(let bytes) = message, let events = try? reader.take(bytes) else { return [.reset] }
            return events.filter { $0.type == "synthesize" }.flatMap(answer)
        }

        private func answer(_ event: WyomingEvent) -> [DoubleStep] {
            let text = event.data["text"]?.string ?? ""
            guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
                let error = WyomingEvent("error", ["text": "# channels not specified", "code": "Error"])
                return [.bytes(error.bytes), .close()]
            }
            let format: JSONValue = ["rate": .integer(rateHz), "width": 2, "channels": 1, "timestamp": .null]
            var steps: [DoubleStep] = [.bytes(WyomingEvent("audio-start", format).bytes)]
            for step in speech.steps(speech.bytes(of: text, AudioFormat(rateHz: rateHz)), byteRate: 2 * rateHz) {
                if case .bytes(let samples) = step {
                    steps.append(.bytes(WyomingEvent("audio-chunk", format, payload: samples).bytes))
                } else {
                    steps.append(step)
                }
            }
            steps.append(.bytes(WyomingEvent("audio-stop", ["timestamp": .null]).bytes))
            return steps + (closesAfterEach ? [.close()] : [])
        }
    }
}
