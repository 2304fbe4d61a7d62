// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Providers

/// ElevenLabs' speech, over HTTP and over a socket of several contexts: protocols/elevenlabs.md, sections 2 and 5.
///
/// A context that was closed still delivers what it had to say; a sixth one ends the socket.
package struct ElevenLabsSpeechDouble: ProviderDouble {
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
        guard request.path.hasSuffix("/stream/with-timestamps"), let format = Self.format(request),
            let text = request.json?["text"]?.string
        else { return .notFound(request) }
        let lines = Self.chunks(text, speech, format).map { chunk -> DoubleStep in
            let starts = chunk.starts.map { JSONValue.number(Double($0) / 1000) }
            let ends = chunk.starts.map { JSONValue.number(Double($0 + chunk.duration) / 1000) }
            let line: JSONValue = [
                "audio_base64": .string(Base64.encode(chunk.audio)),
                "alignment": [
                    "characters": .array(chunk.characters), "character_start_times_seconds": .array(starts),
                    "character_end_times_seconds": .array(ends),
                ],
            ]
            return .text(line.description + "\n\n")
        }
        return DoubleAnswer(contentType: "application/x-ndjson", delay: speech.delay, body: lines)
    }

    package func open(_ request: DoubleRequest) -> DoubleOpening {
        if let refusal = refusal(request) { return .refused(refusal) }
        guard request.path.hasSuffix("/multi-stream-input"), let format = Self.format(request) else {
            return .refused(.notFound(request))
        }
        return .accepted(Peer(speech, format))
    }

    private func refusal(_ request: DoubleRequest) -> DoubleAnswer? {
        guard let key, request.header("xi-api-key") != key else { return nil }
        return .json(["detail": ["status": "invalid_api_key", "message": "Invalid API key"]], status: 401)
    }

    private static func format(_ request: DoubleRequest) -> AudioFormat? {
        let parts = (request.parameter("output_format") ?? "").split(separator: "_")
        guard parts.count == 2, let rate = Int(parts[1]), (8000...48_000).contains(rate) else { return nil }
        switch parts[0] {
        case "pcm": return AudioFormat(rateHz: rate)
        case "ulaw": return AudioFormat(rateHz: rate, encoding: .mulaw)
        case "alaw": return AudioFormat(rateHz: rate, encoding: .alaw)
        default: return nil
        }
    }

    /// A piece of a sentence: seven characters, so that words are cut, and their times from its beginning.
    private struct Chunk {
        var audio: [UInt8]
        var characters: [JSONValue]
        var starts: [Int]
        var duration: Int
    }

    private static func chunks(_ text: String, _ speech: DoubleSpeech, _ format: AudioFormat) -> [Chunk] {
        let characters = Array(text)
        let bytes = speech.bytes(of: text, format)
        let duration = Int(speech.perCharacter / .milliseconds(1))
        return stride(from: 0, to: characters.count, by: 7).map { start in
            let end = min(start + 7, characters.count)
            // An odd split: samples are cut wherever a chunk ends.
            let cut = { (index: Int) in
                index == characters.count ? bytes.count : min(bytes.count, bytes.count * index / characters.count | 1)
            }
            return Chunk(
                audio: Array(bytes[(start == 0 ? 0 : cut(start))..<cut(end)]),
                characters: characters[start..<end].map { .string(String($0)) },
                starts: (0..<end - start).map { $0 * duration }, duration: duration)
        }
    }

    private final class Peer: DoublePeer {
        private struct Context {
            var text = ""
            var isFlushed = false
        }

        private let speech: DoubleSpeech
        private let format: AudioFormat
        private var contexts: [String: Context] = [:]

        init(_ speech: DoubleSpeech, _ format: AudioFormat) {
            self.speech = speech
            self.format = format
        }

        func received(_ message: ProviderMessage) -> [DoubleStep] {
            guard case .text(let bytes) = message, let value = try? JSONValue(parsing: bytes.readableBytesView) else {
                return [.close(code: 1008, reason: "invalid message")]
            }
            if value["close_socket"] == true { return [.close()] }
            guard let name = value["context_id"]?.string else { return [] }
            if contexts[name] == nil, contexts.count == 5 {
                let error = #"{"message":"too many contexts","error":"max_active_conversations","code":1008}"#
                return [.text(error), .close(code: 1008, reason: "max_active_conversations")]
            }
            var context = contexts[name] ?? Context()
            context.text += value["text"]?.string ?? ""
            var steps: [DoubleStep] = []
            if value["flush"] == true {
                steps = audio(of: context.text, in: name)
                context.text = ""
            }
            contexts[name] = context
            guard value["close_context"] == true else { return steps }
            contexts[name] = nil
            return steps + [.text(#"{"audio":null,"isFinal":true,"contextId":"\#(name)"}"#)]
        }

        private func audio(of text: String, in name: String) -> [DoubleStep] {
            let text = String(DoubleSpeech.trimmed(text))
            let first: [DoubleStep] = speech.delay > .zero ? [.wait(speech.delay)] : []
            return first
                + chunks(text, speech, format).map { chunk in
                    let message: JSONValue = [
                        "audio": .string(Base64.encode(chunk.audio)), "isFinal": .null, "contextId": .string(name),
                        "alignment": [
                            "chars": .array(chunk.characters),
                            "charStartTimesMs": .array(chunk.starts.map { .integer($0) }),
                            "charDurationsMs": .array(chunk.starts.map { _ in .integer(chunk.duration) }),
                        ],
                    ]
                    return .text(message.description)
                }
        }
    }
}
