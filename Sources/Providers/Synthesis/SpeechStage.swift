// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Processors

/// The working part of every ``SpeechService``: from sentences to words and audio, whoever the provider is.
///
/// Confined to its session's loop.
public final class SpeechStage {
    /// How long the start of a session waits for sentences that are synthesised ahead.
    private static let longestPrerendering = Duration.seconds(5)

    private let provider: any SpeechProvider
    private let settings: SpeechSettings
    private var cutter: SpeechCutter
    private var pace = SpeechPace()
    private var isSpeaking = false
    /// Whether something of the sentence in work has gone on.
    private var hasEmitted = false

    /// Creates the stage of one session.
    init(_ provider: any SpeechProvider, _ settings: SpeechSettings) {
        self.provider = provider
        self.settings = settings
        cutter = SpeechCutter(provider.format)
    }

    /// Connects, and synthesises what is to be there before it is asked for.
    ///
    /// - Throws: `PipelineError` when the provider will never take a sentence; other troubles are reported, and met again
    ///   by the first sentence.
    nonisolated(nonsending) func start(_ output: ServiceOutput) async throws {
        do {
            try await provider.client.guarded(output) { try await provider.open(output) }
            try await prerender(output)
        } catch let error as ProviderError {
            let failure = error.asPipelineError(provider.client.name)
            if error.kind == .permanent { throw failure }
            output.report(.error(failure))
        }
    }

    /// Takes a frame.
    nonisolated(nonsending) func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        guard let sentence = frame[Sentence.self] else { return try await output.emit(frame) }
        for text in SpeechText.pieces(sentence.text, limit: provider.longestText) { try await speak(text, output) }
    }

    /// Hears that the epoch has risen; work that is stale is cancelled besides.
    func interrupted() {
        if !isSpeaking { cutter.forget() }
    }

    /// Lets go of the provider.
    nonisolated(nonsending) func stop() async { await provider.close() }

    // MARK: Sentences

    nonisolated(nonsending) private func speak(_ text: String, _ output: ServiceOutput) async throws {
        isSpeaking = true
        hasEmitted = false
        defer { isSpeaking = false }
        do {
            let (cache, key) = (cache(output), key(text))
            if let parts = cache?.speech(for: key) { return try await replay(parts, output) }
            let parts = try await provider.client.attempt(output, unless: { hasEmitted }) {
                try await synthesize(text, isHeard: true, isKept: cache != nil, output)
            }
            if let parts { cache?.keep(parts, for: key) }
        } catch let error as ProviderError {
            throw error.asPipelineError(provider.client.name)
        } catch {
            cutter.forget()
            throw error
        }
    }

    nonisolated(nonsending) private func replay(
        _ parts: [SpeechCache.Part], _ output: ServiceOutput
    ) async throws {
        output.report(.cacheHits, 1)
        cutter.begin(at: output.now)
        for part in parts {
            switch part {
            case .words(let words): try await output.emit(words, at: cutter.end)
            case .audio(let audio): try await output.emit(cutter.place(audio))
            }
        }
    }

    /// One try at a sentence.
    ///
    /// - Parameters:
    ///   - isHeard: Whether it is emitted, and not only kept.
    ///   - isKept: Whether what it gives is wanted again.
    /// - Returns: What is to be kept.
    nonisolated(nonsending) private func synthesize(
        _ text: String, isHeard: Bool, isKept: Bool, _ output: ServiceOutput
    ) async throws -> [SpeechCache.Part]? {
        let begin = output.now
        let answer = try await provider.speak(text, output)
        defer { answer.giveUp() }
        var assembly = SpeechAssembly(text, expected: provider.expected, target: provider.format, pace: pace)
        var recording = SpeechRecording(isKept: isKept)
        cutter.begin(at: output.now)
        while let part = try await answer.next(output) {
            for piece in try assembly.take(part) {
                if case .samples = piece, assembly.isFirst { output.reportFirstByte(since: begin) }
                try await emit(cut(piece), into: &recording, isHeard: isHeard, output)
            }
        }
        for piece in try assembly.finish() { try await emit(cut(piece), into: &recording, isHeard: isHeard, output) }
        try await emit(cutter.append([], isLast: true), into: &recording, isHeard: isHeard, output)
        output.report(.characters, text.count)
        output.report(.audioSeconds, assembly.duration.milliseconds / 1000)
        pace.learn(text, lasted: assembly.duration)
        // For the next time the length is known.
        if assembly.isEstimated { recording.correct(pace.words(of: text, lasting: assembly.duration)) }
        return recording.parts
    }

    private func cut(_ piece: SpeechAssembly.Output) -> [Frame] {
        switch piece {
        case .samples(let samples): return cutter.append(samples)
        case .words(var words):
            // What waits for its frame is heard before them.
            let held = cutter.held
            words.words = words.words.map { TimedWord($0.text, start: $0.start + held, end: $0.end + held) }
            return [Frame(words, at: cutter.end - held)]
        }
    }

    nonisolated(nonsending) private func emit(
        _ frames: [Frame], into recording: inout SpeechRecording, isHeard: Bool, _ output: ServiceOutput
    ) async throws {
        for frame in frames {
            recording.add(frame)
            guard isHeard else { continue }
            hasEmitted = true
            try await output.emit(frame)
        }
    }

    // MARK: What is kept

    /// What doubles say is not kept for others.
    private func cache(_ output: ServiceOutput) -> SpeechCache? {
        guard settings.isCaching else { return nil }
        if let cache = output.lent(SpeechCache.self) { return cache }
        return output.lent((any ProviderNetwork).self) == nil ? .shared : nil
    }

    private func key(_ text: String) -> SpeechCache.Key {
        SpeechCache.Key(voice: provider.identity, format: provider.format, text: text)
    }

    nonisolated(nonsending) private func prerender(_ output: ServiceOutput) async throws {
        guard let cache = cache(output), !settings.prerendered.isEmpty else { return }
        defer { cutter.forget() }
        let limit = output.now + Self.longestPrerendering
        for sentence in settings.prerendered {
            for text in SpeechText.pieces(sentence, limit: provider.longestText) where output.now < limit {
                let key = key(text)
                guard cache.beginRendering(key) else { continue }
                defer { cache.endRendering(key) }
                let parts = try await provider.client.guarded(output) {
                    try await synthesize(text, isHeard: false, isKept: true, output)
                }
                if let parts { cache.keep(parts, for: key) }
            }
        }
    }
}

@available(*, unavailable)
extension SpeechStage: Sendable {}
