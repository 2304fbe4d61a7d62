// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// The content of an answer that is the speech itself.
final class HTTPSpeechAnswer: SpeechAnswer {
    private let reader: ProviderReader

    /// Begins to read an answer.
    ///
    /// - Throws: ``ProviderError`` when its head says that it is something that cannot be played.
    init(_ reader: ProviderReader) throws(ProviderError) {
        self.reader = reader
        let type = reader.response.header("content-type")?.lowercased() ?? ""
        let unplayable = [
            "application/json", "audio/mpeg", "audio/mp3", "audio/ogg", "audio/opus", "audio/aac", "audio/flac",
        ]
        guard let name = unplayable.first(where: type.hasPrefix) else { return }
        reader.giveUp()
        throw ProviderError(.malformed, "answered with \(name) instead of samples; the server must offer pcm or wav")
    }

    nonisolated(nonsending) func next(_ output: ServiceOutput) async throws -> SpeechPart? {
        try await reader.next().map { .audio($0) }
    }

    func giveUp() { reader.giveUp() }
}

extension ProviderRequest {
    /// A request with JSON as its content.
    static func speech(_ url: String, _ content: JSONValue, headers: [(name: String, value: String)]) -> Self {
        var request = ProviderRequest("POST", url: url)
        request.headers = [("content-type", "application/json")] + headers
        request.body = ByteBuffer(string: content.description)
        return request
    }
}

extension ProviderTimeouts {
    /// What suits a service in the network: a caller waits for the first of it.
    static let cloudSpeech = ProviderTimeouts(
        connect: .seconds(3), firstByte: .seconds(3), idle: .seconds(3), total: SpeechBytes.longest)
    /// What suits an engine on a machine without much power, which gives a sentence when it is whole.
    static let localSpeech = ProviderTimeouts(
        connect: .seconds(2), firstByte: .seconds(10), idle: .seconds(10), total: SpeechBytes.longest)
}
