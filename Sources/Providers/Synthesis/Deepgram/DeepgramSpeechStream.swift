// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// What passes on a socket of Deepgram's `/v1/speak`, one sentence at a time.
///
/// Audio bears no name: after a `Clear`, what comes before its `Cleared` belongs to the sentence that was broken off, and
/// is refused, also when the next sentence was sent meanwhile.
///
/// - SeeAlso: https://developers.deepgram.com/reference/text-to-speech/speak-streaming
struct DeepgramSpeechStream: SpeechDialogue {
    private var isSpeaking = false
    /// `Clear`s that were not confirmed.
    private var clearing = 0

    let isExhausted = false

    mutating func speak(_ text: String) -> [String] {
        isSpeaking = true
        let message: JSONValue = ["type": "Speak", "text": .string(text + " ")]
        return [message.description, #"{"type":"Flush"}"#]
    }

    mutating func breakOff() -> [String] {
        guard isSpeaking else { return [] }
        isSpeaking = false
        clearing += 1
        return [#"{"type":"Clear"}"#]
    }

    mutating func take(_ message: ProviderMessage) throws(ProviderError) -> SpeechReply {
        switch message {
        case .binary(let bytes):
            guard isHeard, bytes.readableBytes > 0 else { return .nothing }
            return SpeechReply(parts: [.audio(bytes)])
        case .text(let bytes):
            guard let value = try? JSONValue(parsing: bytes.readableBytesView) else {
                throw ProviderError(.malformed, "sent a message that is no JSON")
            }
            return try take(value)
        }
    }

    /// Whether what comes belongs to the sentence in work.
    private var isHeard: Bool { isSpeaking && clearing == 0 }

    private mutating func take(_ value: JSONValue) throws(ProviderError) -> SpeechReply {
        switch value["type"]?.string {
        case "Flushed" where isHeard:
            isSpeaking = false
            return SpeechReply(isLast: true)
        case "Cleared":
            clearing = max(0, clearing - 1)
            return .nothing
        case "Error":
            let text = (value["description"] ?? value["err_msg"])?.string ?? "no description"
            throw ProviderError(.transient, "reports: \(text.prefix(200))")
        default: return .nothing
        }
    }
}

/// How often a socket may still be asked to flush: Deepgram ignores more than 20 in 60 seconds.
///
/// - SeeAlso: https://developers.deepgram.com/docs/tts-ws-flush
struct FlushBudget {
    private static let limit = 20
    private static let period = Duration.seconds(60)

    private var times: [MediaTime] = []

    /// Counts a flush at `now`; `false` when it would be one too many.
    mutating func take(at now: MediaTime) -> Bool {
        times.removeAll { now - $0 >= Self.period }
        guard times.count < Self.limit else { return false }
        times.append(now)
        return true
    }
}
