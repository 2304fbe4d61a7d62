// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// A message of ElevenLabs' speech sockets, or a line of its stream with time stamps.
///
/// Names differ between the two, and between replies of the first: all spellings are read.
///
/// - SeeAlso: https://elevenlabs.io/docs/api-reference/text-to-speech/v-1-text-to-speech-voice-id-multi-stream-input
struct ElevenLabsMessage: Equatable {
    /// The context that the message belongs to.
    var context: String?
    /// When the characters of the audio are heard, and the audio.
    var parts: [SpeechPart] = []
    /// Whether nothing more of the context comes.
    var isFinal = false

    /// Reads a message.
    ///
    /// - Throws: ``ProviderError`` for one that cannot be understood, or that reports an error.
    init(_ bytes: ByteBuffer) throws(ProviderError) {
        guard let value = try? JSONValue(parsing: bytes.readableBytesView), value.members != nil else {
            throw ProviderError(.malformed, "sent a message that is no JSON object")
        }
        if let error = value["error"]?.string { throw Self.error(error, value) }
        context = (value["contextId"] ?? value["context_id"])?.string
        isFinal = (value["isFinal"] ?? value["is_final"])?.bool ?? false
        let alignment =
            Self.alignment(value["alignment"]) ?? Self.alignment(value["normalizedAlignment"])
            ?? Self.alignment(value["normalized_alignment"])
        if let alignment { parts.append(.alignment(alignment)) }
        guard let text = (value["audio"] ?? value["audio_base64"])?.string, !text.isEmpty else { return }
        guard let audio = Base64.decode(text.utf8) else {
            throw ProviderError(.malformed, "sent audio that is no base64")
        }
        parts.append(.audio(ByteBuffer(bytes: audio)))
    }

    private static func error(_ name: String, _ value: JSONValue) -> ProviderError {
        let kind: ProviderError.Kind =
            switch name {
            case "max_active_conversations", "too_many_concurrent_requests", "system_busy", "rate_limited": .capacity
            case "internal_error", "input_timeout_exceeded": .transient
            default: .permanent
            }
        let text = value["message"]?.string ?? "no message"
        return ProviderError(
            kind, "reports \(name.prefix(60)): \(text.prefix(200))", status: value["code"]?.integer)
    }

    /// The times of the characters; `nil` for an absent or empty alignment, or one whose lists do not match.
    private static func alignment(_ value: JSONValue?) -> SpeechAlignment? {
        guard let value, let characters = (value["chars"] ?? value["characters"])?.array, !characters.isEmpty else {
            return nil
        }
        let texts = characters.compactMap(\.string)
        let spans: [(Duration, Duration)]
        if let starts = seconds(value["character_start_times_seconds"]),
            let ends = seconds(value["character_end_times_seconds"])
        {
            spans = Array(zip(starts, ends))
        } else if let starts = milliseconds(value["charStartTimesMs"] ?? value["charsStartTimesMs"]),
            let lengths = milliseconds(value["charDurationsMs"] ?? value["charsDurationsMs"])
        {
            spans = zip(starts, lengths).map { ($0, $0 + $1) }
        } else {
            return nil
        }
        guard texts.count == characters.count, spans.count == texts.count else { return nil }
        return SpeechAlignment(characters: zip(texts, spans).map { ($0, $1.0, $1.1) })
    }

    private static func milliseconds(_ value: JSONValue?) -> [Duration]? { durations(value, unitsPerSecond: 1000) }
    private static func seconds(_ value: JSONValue?) -> [Duration]? { durations(value, unitsPerSecond: 1) }

    private static func durations(_ value: JSONValue?, unitsPerSecond: Double) -> [Duration]? {
        guard let numbers = value?.array?.compactMap(\.number), numbers.count == value?.array?.count else { return nil }
        // No sentence lasts an hour: what is longer is a mistake, and not a number that may overflow.
        return numbers.map { .seconds(min(max($0 / unitsPerSecond, 0), 3600)) }
    }
}
