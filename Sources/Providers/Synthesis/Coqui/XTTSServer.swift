// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Synchronization

/// How the XTTS streaming server is asked: with the numbers that make up a speaker, which are fetched from it once.
final class XTTSServer: SpeechProvider {
    let client: ProviderClient
    let format: AudioFormat
    let expected: AudioFormat? = AudioFormat(rateHz: 24_000)
    // XTTS cuts longer sentences short.
    let longestText = 240
    private let parameters: CoquiTTS.Parameters
    private let ownSpeakers = XTTSSpeakers()

    init(_ parameters: CoquiTTS.Parameters) {
        self.parameters = parameters
        client = ProviderClient("coqui_tts", parameters.provider)
        format = AudioFormat(rateHz: parameters.rateHz)
    }

    var identity: String {
        "xtts \(parameters.provider.baseURL) \(parameters.speaker ?? "") \(parameters.language ?? "en")"
    }

    nonisolated(nonsending) func open(_ output: ServiceOutput) async throws { _ = try await speaker(output) }

    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        let content = Self.content(text, try await speaker(output), language: parameters.language ?? "en")
        let request = ProviderRequest.speech(parameters.provider.url("/tts_stream"), content, headers: [])
        return try HTTPSpeechAnswer(try await client.send(request, output))
    }

    /// The content of a request.
    static func content(_ text: String, _ speaker: XTTSSpeaker, language: String) -> JSONValue {
        // The size of a chunk is a string there.
        [
            "speaker_embedding": speaker.embedding, "gpt_cond_latent": speaker.latent, "text": .string(text),
            "language": .string(language), "add_wav_header": false, "stream_chunk_size": "20",
        ]
    }

    nonisolated(nonsending) private func speaker(_ output: ServiceOutput) async throws -> XTTSSpeaker {
        let name = parameters.speaker ?? ""
        // What a double says is not kept for others.
        let speakers = output.lent((any ProviderNetwork).self) == nil ? XTTSSpeakers.shared : ownSpeakers
        let key = XTTSSpeakers.Key(baseURL: parameters.provider.baseURL, name: name)
        if let speaker = speakers[key] { return speaker }
        let request = ProviderRequest(url: parameters.provider.url("/studio_speakers"))
        let content = try await client.send(request, output).all(upTo: 64 << 20)
        guard let all = try? JSONValue(parsing: content.readableBytesView) else {
            throw ProviderError(.malformed, "its list of speakers is no JSON; is it xtts-streaming-server?")
        }
        guard let embedding = all[name]?["speaker_embedding"], let latent = all[name]?["gpt_cond_latent"] else {
            throw ProviderError(.permanent, "has no speaker '\(name)'; GET /studio_speakers lists them")
        }
        let speaker = XTTSSpeaker(embedding: embedding, latent: latent)
        speakers[key] = speaker
        return speaker
    }
}

/// The numbers that make up a speaker.
struct XTTSSpeaker: Sendable, Equatable {
    /// A list of numbers.
    var embedding: JSONValue
    /// A list of lists of numbers.
    var latent: JSONValue
}

/// The speakers that were fetched, for all sessions of the process: they are large, and never change.
final class XTTSSpeakers: Sendable {
    /// Which speaker.
    struct Key: Hashable, Sendable {
        /// Of which server.
        var baseURL: String
        /// What it is called there.
        var name: String
    }

    /// What the sessions of the process share.
    static let shared = XTTSSpeakers()
    private static let capacity = 16

    private let speakers = Mutex<[Key: XTTSSpeaker]>([:])

    /// A speaker that was fetched.
    subscript(key: Key) -> XTTSSpeaker? {
        get { speakers.withLock { $0[key] } }
        set {
            speakers.withLock { speakers in
                if speakers.count >= Self.capacity { speakers.removeAll() }
                speakers[key] = newValue
            }
        }
    }
}
