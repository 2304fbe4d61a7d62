// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Providers

/// Deepgram Aura, over HTTP and over a socket: protocols/deepgram.md, sections 3 and 4.
///
/// A `Clear` is confirmed after what is on its way, which still comes.
package struct DeepgramSpeechDouble: ProviderDouble {
    private let speech: DoubleSpeech
    private let key: String?

    /// Creates a double.
    ///
    /// - Parameter key: The key that it takes; any if `nil`.
    package init(_ speech: DoubleSpeech = DoubleSpeech(), key: String? = nil) {
        self.speech = speech
        self.key = key
    }

    package func answer(_ request: DoubleRequest) -> DoubleAnswer {
        if let refusal = refusal(request) { return refusal }
        guard request.method == "POST", let text = request.json?["text"]?.string else { return .notFound(request) }
        guard let format = Self.format(request) else { return .error(400, "unsupported encoding or sample_rate") }
        guard text.count <= 2000 else { return .error(413, "input text exceeds the maximum of 2000 characters") }
        let isRaw = request.parameter("container") == "none"
        let bytes =
            isRaw ? speech.bytes(of: text, format) : speech.wave(of: text, rateHz: format.rateHz)
        return DoubleAnswer(
            contentType: isRaw ? "audio/l16" : "audio/wav",
            body: speech.steps(bytes, byteRate: format.rateHz * format.bytesPerSample))
    }

    package func open(_ request: DoubleRequest) -> DoubleOpening {
        if let refusal = refusal(request) { return .refused(refusal) }
        guard let format = Self.format(request) else { return .refused(.error(400, "unsupported sample_rate")) }
        return .accepted(Peer(speech, format))
    }

    private func refusal(_ request: DoubleRequest) -> DoubleAnswer? {
        guard request.path == "/v1/speak" else { return .notFound(request) }
        guard let key, request.header("authorization") != "Token \(key)" else { return nil }
        return .json(["err_code": "INVALID_AUTH", "err_msg": "Invalid credentials."], status: 401)
    }

    private static func format(_ request: DoubleRequest) -> AudioFormat? {
        guard let encoding = request.parameter("encoding").flatMap(AudioFormat.Encoding.init(rawValue:)),
            let rate = request.parameter("sample_rate").flatMap({ Int($0) }),
            (encoding == .linear16 ? [8000, 16_000, 24_000, 32_000, 48_000] : [8000, 16_000]).contains(rate)
        else { return nil }
        return AudioFormat(rateHz: rate, encoding: encoding)
    }

    private final class Peer: DoublePeer {
        private let speech: DoubleSpeech
        private let format: AudioFormat
        private var text = ""
        private var flushes = 0

        init(_ speech: DoubleSpeech, _ format: AudioFormat) {
            self.speech = speech
            self.format = format
        }

        func opened() -> [DoubleStep] { [.text(#"{"type":"Metadata","request_id":"double"}"#)] }

        func received(_ message: ProviderMessage) -> [DoubleStep] {
            guard case .text(let bytes) = message else { return [.close(code: 1003, reason: "MESSAGE-0000")] }
            guard let value = try? JSONValue(parsing: bytes.readableBytesView) else {
                return [.close(code: 1008, reason: "DATA-0000")]
            }
            switch value["type"]?.string {
            case "Speak":
                text += value["text"]?.string ?? ""
                return []
            case "Flush": return flush()
            case "Clear":
                text = ""
                // A frame that had left already is still delivered.
                let late: [DoubleStep] = [.bytes([UInt8](repeating: 0x55, count: 320))]
                return [.clear] + late + [.text(#"{"type":"Cleared","sequence_id":0}"#)]
            case "Close": return [.close()]
            default: return [.close(code: 1008, reason: "DATA-0000")]
            }
        }

        private func flush() -> [DoubleStep] {
            flushes += 1
            guard flushes <= 20 else {
                return [.text(#"{"type":"Warning","description":"Flush limit reached","code":"EXCESSIVE_FLUSH"}"#)]
            }
            let bytes = speech.bytes(of: text, format)
            text = ""
            let flushed = DoubleStep.text(#"{"type":"Flushed","sequence_id":\#(flushes - 1)}"#)
            return speech.steps(bytes, byteRate: format.rateHz * format.bytesPerSample) + [flushed]
        }
    }
}
