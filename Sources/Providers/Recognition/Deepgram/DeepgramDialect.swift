// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// The messages of Deepgram's live recognition, `/v1/listen`.
///
/// - SeeAlso: https://developers.deepgram.com/reference/speech-to-text/listen-streaming
struct DeepgramDialect: RecognitionDialect {
    func opening() -> [ProviderMessage] { [] }

    func encode(_ audio: Audio) -> [ProviderMessage] {
        // An empty binary message would end the stream.
        audio.byteCount == 0 ? [] : [.binary(audio.withBytes { ByteBuffer(bytes: $0) })]
    }

    func finalize() -> [ProviderMessage] { [.command("Finalize")] }
    func keepAlive() -> [ProviderMessage] { [.command("KeepAlive")] }
    func closing() -> [ProviderMessage] { [.command("CloseStream")] }

    func take(_ message: ProviderMessage) throws(ProviderError) -> [RecognitionEvent] {
        let value = try message.json()
        switch value["type"]?.string {
        case "Results": return try results(value)
        case "UtteranceEnd":
            // -1 stands for an end without any word before it.
            return (value["last_word_end"]?.number ?? -1) < 0 ? [] : [.endpoint]
        case "Error": return [.warning("\(value["description"]?.string ?? "an error without description")")]
        case nil: throw ProviderError(.malformed, "sent a message without type")
        default: return []
        }
    }

    private func results(_ value: JSONValue) throws(ProviderError) -> [RecognitionEvent] {
        guard let alternatives = value["channel"]?["alternatives"]?.array else {
            throw ProviderError(.malformed, "sent results without alternatives")
        }
        // Nothing was understood when the list is empty.
        let best = alternatives.first ?? .object([])
        let isFinal = value["is_final"]?.bool ?? false
        var result = RecognitionResult(text: best["transcript"]?.string ?? "", isFinal: isFinal)
        result.answersFinalize = isFinal && value["from_finalize"]?.bool == true
        if let start = value["start"]?.position, let duration = value["duration"]?.position {
            result.span = start..<start + duration
        }
        result.words = (best["words"]?.array ?? []).compactMap(Self.word)
        result.confidence = best["confidence"]?.number
        result.language = best["languages"]?.array?.first?.string
        let ends = isFinal && value["speech_final"]?.bool == true
        return ends ? [.heard(result), .endpoint] : [.heard(result)]
    }

    private static func word(_ value: JSONValue) -> TimedWord? {
        guard let text = value["punctuated_word"]?.string ?? value["word"]?.string,
            let start = value["start"]?.position, let end = value["end"]?.position
        else { return nil }
        return TimedWord(text, start: start, end: max(start, end))
    }
}

extension ProviderMessage {
    fileprivate static func command(_ type: String) -> ProviderMessage {
        .text(ByteBuffer(string: #"{"type":"\#(type)"}"#))
    }
}
