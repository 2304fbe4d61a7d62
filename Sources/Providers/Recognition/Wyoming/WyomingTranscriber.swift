// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// Has recordings recognised by a Wyoming server: one connection each, for some servers close it after every answer.
///
/// - SeeAlso: https://github.com/OHF-Voice/wyoming
struct WyomingTranscriber: SegmentTranscriber {
    static let provider = "Wyoming"
    /// Audio of one event: 1024 samples are usual.
    private static let chunk = 2048

    private let parameters: WyomingSTT.Parameters

    /// Creates a transcriber.
    init(_ parameters: WyomingSTT.Parameters) { self.parameters = parameters }

    nonisolated(nonsending) func transcribe(
        _ segment: SpeechSegment, _ output: ServiceOutput
    ) async throws -> TranscriptionAnswer {
        let (host, port, limit) = (parameters.host, parameters.port, parameters.connectTimeout)
        let late = ProviderError(.transient, "no connection came about within \(limit.parameterText) (connect_timeout)")
        let stream = try await withDeadline(limit, output, late) {
            try await output.network.dial(host, port: port, output)
        }
        defer { stream.close() }
        for event in events(segment) { stream.write(event.bytes) }
        var answer = WyomingTranscript()
        while let bytes = try await stream.next() {
            if let text = try answer.take(bytes) { return text }
        }
        throw ProviderError(.transient, "closed the connection without an answer")
    }

    /// What is sent for a segment.
    func events(_ segment: SpeechSegment) -> [WyomingEvent] {
        let format = segment.format ?? .wideband
        var wish: [JSONValue.Member] = []
        if let model = parameters.model { wish.append(.init("name", .string(model))) }
        if let language = parameters.language { wish.append(.init("language", .string(language))) }
        var events = [WyomingEvent("transcribe", .object(wish)), WyomingEvent("audio-start", format)]
        var samples = ByteBuffer()
        segment.writeSamples(to: &samples)
        while let piece = samples.readSlice(length: min(Self.chunk, samples.readableBytes)), piece.readableBytes > 0 {
            events.append(WyomingEvent("audio-chunk", format, payload: piece))
        }
        return events + [WyomingEvent("audio-stop")]
    }
}

/// Waits for the transcript among a server's events.
struct WyomingTranscript {
    private var decoder = WyomingDecoder()

    /// Takes the next bytes.
    ///
    /// - Returns: The transcript, once it is there.
    /// - Throws: ``ProviderError`` when the server reports a failure or cannot be understood.
    mutating func take(_ bytes: ByteBuffer) throws(ProviderError) -> TranscriptionAnswer? {
        for event in try decoder.take(bytes) {
            switch event.type {
            case "transcript":
                var answer = TranscriptionAnswer()
                answer.text = (event.data["text"]?.string ?? "").tidied
                answer.language = event.data["language"]?.string
                return answer
            case "error":
                let code = event.data["code"]?.string.map { " (\($0))" } ?? ""
                throw ProviderError(.transient, "failed\(code): \(event.data["text"]?.string ?? "no reason given")")
            default: continue
            }
        }
        return nil
    }
}
