// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Providers

/// ElevenLabs' realtime recognition with commits by the client: protocols/elevenlabs.md, section 7.
///
/// Closes the session at a commit of less than 0.3 s of audio, and answers every commit twice, as the real one does.
package struct ElevenLabsListenDouble: ProviderDouble {
    private let hearing: DoubleHearing
    private let key: String?
    private let latency: Duration

    /// Creates a double.
    ///
    /// - Parameters:
    ///   - key: The key that it takes; any if `nil`.
    ///   - latency: Time from a commit to its words.
    package init(_ hearing: DoubleHearing, key: String? = nil, latency: Duration = .milliseconds(100)) {
        self.hearing = hearing
        self.key = key
        self.latency = latency
    }

    package func open(_ request: DoubleRequest) -> DoubleOpening {
        guard request.path.hasSuffix("/v1/speech-to-text/realtime") else { return .refused(.notFound(request)) }
        let format = (request.parameter("audio_format") ?? "pcm_16000").split(separator: "_")
        guard format.count == 2, let rate = Int(format[1]), rate > 0 else {
            return .refused(.error(422, "audio_format is not valid"))
        }
        return .accepted(
            ElevenLabsListenPeer(
                DoubleEar(hearing, rateHz: rate), isLinear: format[0] == "pcm", latency: latency,
                isWelcome: key == nil || request.header("xi-api-key") == key,
                tellsTimes: request.parameter("include_timestamps") == "true"))
    }
}

private final class ElevenLabsListenPeer: DoublePeer {
    private static let leastCommit = 0.3

    private var ear: DoubleEar
    private let isLinear: Bool
    private let latency: Duration
    private let isWelcome: Bool
    private let tellsTimes: Bool
    private var toldUntil = 0

    init(_ ear: DoubleEar, isLinear: Bool, latency: Duration, isWelcome: Bool, tellsTimes: Bool) {
        self.ear = ear
        self.isLinear = isLinear
        self.latency = latency
        self.isWelcome = isWelcome
        self.tellsTimes = tellsTimes
    }

    func opened() -> [DoubleStep] {
        guard isWelcome else { return [message("auth_error", ["error": "Invalid API key"]), .close(code: 1008)] }
        return [message("session_started", ["session_id": "double", "config": [:]])]
    }

    func received(_ message: ProviderMessage) -> [DoubleStep] {
        guard case .text(let text) = message, let value = try? JSONValue(parsing: text.readableBytesView),
            value["message_type"] == "input_audio_chunk", let audio = value["audio_base_64"]?.string,
            let bytes = Base64.decode(audio.utf8)
        else { return [self.message("input_error", ["error": "not an input_audio_chunk"]), .close(code: 1008)] }
        if isLinear { ear.hear(bytes) } else { ear.hear(encoded: bytes.count) }
        return value["commit"] == true ? commit() : interim()
    }

    private func interim() -> [DoubleStep] {
        guard ear.seconds(ear.position - toldUntil) >= 0.5, !ear.words.isEmpty else { return [] }
        toldUntil = ear.position
        return [message("partial_transcript", ["text": .string(Self.text(ear.words))])]
    }

    private func commit() -> [DoubleStep] {
        guard ear.seconds(ear.position - ear.taken) >= Self.leastCommit else {
            return [message("commit_throttled", ["error": "too little audio"]), .close()]
        }
        let words = ear.take()
        let text: JSONValue = ["text": .string(Self.text(words))]
        var steps = [DoubleStep.wait(latency), message("committed_transcript", text)]
        guard tellsTimes else { return steps }
        let list = words.map { word -> JSONValue in
            [
                "text": .string(word.text), "start": .number(ear.seconds(word.samples.lowerBound)),
                "end": .number(ear.seconds(word.samples.upperBound)), "type": "word",
            ]
        }
        let times: JSONValue = ["language_code": "en", "words": .array(list)]
        steps.append(message("committed_transcript_with_timestamps", text.appending(times)))
        return steps
    }

    private func message(_ type: String, _ members: JSONValue) -> DoubleStep {
        .text((["message_type": .string(type)] as JSONValue).appending(members).description)
    }

    private static func text(_ words: [DoubleEar.Word]) -> String { words.map(\.text).joined(separator: " ") }
}
