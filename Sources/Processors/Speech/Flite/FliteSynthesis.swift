// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// One text on its way through the engine: computed on a worker, taken part by part on the session's loop.
///
/// What was computed and not taken is at most the audio of one text (some 30 s); the engine is 60 times faster than speech, so
/// that a smaller bound would only hold a worker.
final class FliteSynthesis: Sendable {
    /// A part of the result: once the words, then audio, then the end.
    enum Part: Sendable {
        case words([TimedWord])
        case audio([Int16])
        case end
    }

    /// The parts, as they are computed; ends when the engine does.
    let parts: AsyncStream<Part>
    private let continuation: AsyncStream<Part>.Continuation
    private let isStopped = Atomic<Bool>(false)
    private let voice: FliteVoice
    private let text: String
    private let parameters: FliteTTS.Parameters

    /// Prepares the synthesis of a text.
    init(_ voice: FliteVoice, _ text: String, _ parameters: FliteTTS.Parameters) {
        self.voice = voice
        self.text = text
        self.parameters = parameters
        (parts, continuation) = AsyncStream.makeStream()
    }

    /// Makes the engine stop at its next piece of audio.
    ///
    /// Callable from any thread.
    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Computes on a worker; returns when the engine has ended or was stopped.
    ///
    /// - Throws: ``FliteVoice/Error``, or the worker pool's refusal.
    nonisolated(nonsending) func run(_ output: ServiceOutput) async throws {
        defer { continuation.finish() }
        // Calls in real time speak beside each other; in virtual time the same call must always sound the same.
        let isRepeatable = output.loop?.isVirtual == true
        try await output.offload { try self.compute(isRepeatable: isRepeatable) }
    }

    private func compute(isRepeatable: Bool) throws {
        guard !isStopped.load(ordering: .relaxed) else { return }
        try voice.synthesize(
            text, chunkSamples: 800, stretch: parameters.stretch, pitchHz: parameters.pitch,
            isRepeatable: isRepeatable,
            onWords: { continuation.yield(.words(written($0))) },
            onAudio: { samples in
                guard !isStopped.load(ordering: .relaxed) else { return false }
                continuation.yield(.audio(Array(samples)))
                return true
            })
        continuation.yield(.end)
    }

    /// The words with what stands between them and is not spoken, such as a dash.
    private func written(_ words: [SpokenWord]) -> [TimedWord] {
        let bytes = Array(text.utf8)
        return words.indices.map { index in
            let start = index == 0 ? 0 : words[index].range.lowerBound
            let end = index + 1 < words.count ? words[index + 1].range.lowerBound : bytes.count
            let piece = String(decoding: bytes[start..<end], as: UTF8.self)
            return TimedWord(
                piece.split(whereSeparator: \.isWhitespace).joined(separator: " "), start: words[index].start,
                end: words[index].end)
        }
    }
}
