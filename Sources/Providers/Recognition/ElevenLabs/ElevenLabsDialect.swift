// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// The messages of ElevenLabs' realtime recognition with commits by the client.
///
/// - SeeAlso: https://elevenlabs.io/docs/api-reference/speech-to-text/v-1-speech-to-text-realtime
struct ElevenLabsDialect: RecognitionDialect {
    private let rateHz: Int

    /// Creates the dialect for audio of a rate.
    init(rateHz: Int) {
        self.rateHz = rateHz
    }

    func opening() -> [ProviderMessage] { [] }

    func encode(_ audio: Audio) -> [ProviderMessage] {
        audio.byteCount == 0 ? [] : [chunk(audio.withBytes { Base64.encode(Array($0)) })]
    }

    func finalize() -> [ProviderMessage] { [chunk("", commits: true)] }
    func keepAlive() -> [ProviderMessage] { [chunk("")] }
    func closing() -> [ProviderMessage] { [] }

    func take(_ message: ProviderMessage) throws(ProviderError) -> [RecognitionEvent] {
        let value = try message.json()
        guard let type = value["message_type"]?.string else {
            throw ProviderError(.malformed, "sent a message without message_type")
        }
        switch type {
        case "partial_transcript":
            return [.heard(RecognitionResult(text: value["text"]?.string ?? "", isFinal: false))]
        // Every commit is answered twice, first without times.
        case "committed_transcript_with_timestamps": return [.heard(Self.committed(value))]
        case "warning": return [.warning(value["warning"]?.string ?? "a warning without text")]
        default:
            if let kind = Self.failures[type] {
                throw ProviderError(kind, "\(type): \(value["error"]?.string ?? "no reason given")")
            }
            return []
        }
    }

    private static let failures: [String: ProviderError.Kind] = [
        "error": .transient, "auth_error": .permanent, "quota_exceeded": .permanent, "transcriber_error": .transient,
        "input_error": .permanent, "invalid_request": .permanent, "commit_throttled": .transient,
        "unaccepted_terms": .permanent, "rate_limited": .capacity, "queue_overflow": .transient,
        "resource_exhausted": .capacity, "session_time_limit_exceeded": .transient, "chunk_size_exceeded": .permanent,
        "insufficient_audio_activity": .transient,
    ]

    private static func committed(_ value: JSONValue) -> RecognitionResult {
        var result = RecognitionResult(text: value["text"]?.string ?? "", isFinal: true, answersFinalize: true)
        result.words = (value["words"]?.array ?? []).compactMap(word)
        result.language = value["language_code"]?.string
        return result
    }

    private static func word(_ value: JSONValue) -> TimedWord? {
        guard value["type"]?.string ?? "word" == "word", let text = value["text"]?.string,
            let start = value["start"]?.position, let end = value["end"]?.position
        else { return nil }
        return TimedWord(text, start: start, end: max(start, end))
    }

    private func chunk(_ audio: String, commits: Bool = false) -> ProviderMessage {
        let value: JSONValue = [
            "message_type": "input_audio_chunk", "audio_base_64": .string(audio), "commit": .bool(commits),
            "sample_rate": .integer(rateHz),
        ]
        return .text(ByteBuffer(string: value.description))
    }
}
