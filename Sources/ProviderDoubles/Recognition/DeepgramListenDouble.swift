// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Providers

/// Deepgram's live recognition: protocols/deepgram.md, section 1.
///
/// Checks the key and the query, sends partial words once for each second of audio, answers Finalize, takes an empty
/// message for the end, and closes after CloseStream.
package struct DeepgramListenDouble: ProviderDouble {
    private let hearing: DoubleHearing
    private let key: String?
    private let latency: Duration
    private let answersFinalize: Bool

    /// Creates a double.
    ///
    /// - Parameters:
    ///   - key: The key that it takes; any if `nil`.
    ///   - latency: Time from a message to its answer.
    ///   - answersFinalize: Whether final words come when they are asked for.
    package init(
        _ hearing: DoubleHearing, key: String? = nil, latency: Duration = .milliseconds(100),
        answersFinalize: Bool = true
    ) {
        self.hearing = hearing
        self.key = key
        self.latency = latency
        self.answersFinalize = answersFinalize
    }

    package func open(_ request: DoubleRequest) -> DoubleOpening {
        if let key, request.header("authorization") != "Token \(key)" {
            return .refused(Self.error("INVALID_AUTH", "Invalid credentials.", 401))
        }
        guard request.path.hasSuffix("/v1/listen") else { return .refused(.notFound(request)) }
        guard let encoding = request.parameter("encoding"), ["linear16", "mulaw", "alaw"].contains(encoding),
            let rate = request.parameter("sample_rate").flatMap({ Int($0) }), rate > 0
        else { return .refused(Self.error("INVALID_QUERY_PARAMETER", "Failed to deserialize query parameters.", 400)) }
        let peer = DeepgramListenPeer(
            DoubleEar(hearing, rateHz: rate), isLinear: encoding == "linear16",
            sendsInterims: request.parameter("interim_results") == "true", latency: latency,
            answersFinalize: answersFinalize)
        return .accepted(peer)
    }

    private static func error(_ code: String, _ message: String, _ status: Int) -> DoubleAnswer {
        .json(["err_code": .string(code), "err_msg": .string(message), "request_id": "double"], status: status)
    }
}

private final class DeepgramListenPeer: DoublePeer {
    private var ear: DoubleEar
    private let isLinear: Bool
    private let sendsInterims: Bool
    private let latency: Duration
    private let answersFinalize: Bool
    private var toldUntil = 0

    init(_ ear: DoubleEar, isLinear: Bool, sendsInterims: Bool, latency: Duration, answersFinalize: Bool) {
        self.ear = ear
        self.isLinear = isLinear
        self.sendsInterims = sendsInterims
        self.latency = latency
        self.answersFinalize = answersFinalize
    }

    func received(_ message: ProviderMessage) -> [DoubleStep] {
        switch message {
        case .binary(let bytes): hear(bytes)
        case .text(let text): obey(text)
        }
    }

    private func hear(_ bytes: ByteBuffer) -> [DoubleStep] {
        guard bytes.readableBytes > 0 else { return [.close()] }
        if isLinear { ear.hear(bytes.readableBytesView) } else { ear.hear(encoded: bytes.readableBytes) }
        guard sendsInterims, ear.seconds(ear.position - toldUntil) >= 1 else { return [] }
        toldUntil = ear.position
        return [.text(results(ear.words, from: ear.taken, isFinal: false).description)]
    }

    private func obey(_ text: ByteBuffer) -> [DoubleStep] {
        switch (try? JSONValue(parsing: text.readableBytesView))?["type"]?.string {
        case "KeepAlive": return []
        case "Finalize": return answersFinalize ? [.wait(latency), .text(final(isAsked: true))] : []
        case "CloseStream":
            let metadata: JSONValue = [
                "type": "Metadata", "request_id": "double", "duration": .number(ear.seconds(ear.position)),
                "channels": 1,
            ]
            let rest: [DoubleStep] = ear.words.isEmpty ? [] : [.text(final(isAsked: false))]
            return rest + [.text(metadata.description), .close()]
        default:
            let error: JSONValue = [
                "type": "Error", "variant": "SchemaError", "description": "Could not deserialize last text message.",
                "message": .string(String(buffer: text)),
            ]
            return [.text(error.description)]
        }
    }

    private func final(isAsked: Bool) -> String {
        let start = ear.taken
        let words = ear.take()
        toldUntil = ear.position
        var value = results(words, from: start, isFinal: true)
        if isAsked { value = value.appending(["from_finalize": true]) }
        return value.description
    }

    private func results(_ words: [DoubleEar.Word], from start: Int, isFinal: Bool) -> JSONValue {
        let list = words.map { word -> JSONValue in
            [
                "word": .string(word.text), "start": .number(ear.seconds(word.samples.lowerBound)),
                "end": .number(ear.seconds(word.samples.upperBound)), "confidence": 0.9,
                "punctuated_word": .string(word.text),
            ]
        }
        let best: JSONValue = [
            "transcript": .string(words.map(\.text).joined(separator: " ")), "confidence": 0.9, "words": .array(list),
        ]
        return [
            "type": "Results", "channel_index": [0, 1], "start": .number(ear.seconds(start)),
            "duration": .number(ear.seconds(ear.position - start)), "is_final": .bool(isFinal), "speech_final": false,
            "channel": ["alternatives": [best]],
        ]
    }
}
