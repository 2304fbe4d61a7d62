// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CPocketsphinx

/// Recognises one utterance after another with libpocketsphinx, each between `start` and `finish`.
///
/// Takes 16 kHz mono audio in pieces of any length. Where speech begins and ends is the caller's decision; give it some
/// 300 ms of audio before the onset. Confined to one thread at a time. An utterance's result depends on its own audio
/// and on the utterances since `reset`, to whose channel the decoder has adapted, and on nothing else.
///
///     start  process ... process  finish     start ...        reset
///                      partial    -> Recognition               (also in mid-utterance)
package final class PocketsphinxDecoder {
    /// What the decoder listens for.
    package let configuration: PocketsphinxConfiguration
    private let library: OpaquePointer
    private var isListening = false

    /// Opens the model.
    ///
    /// - Throws: ``PocketsphinxError``: a missing file, an invalid model or grammar, or every word that has no
    ///   pronunciation.
    package init(_ configuration: PocketsphinxConfiguration) throws(PocketsphinxError) {
        self.configuration = configuration
        library = try PocketsphinxOpening(configuration).open()
    }

    deinit {
        cpocketsphinx_close(library)
    }

    /// Begins an utterance; word times count from here.
    ///
    /// - Throws: ``PocketsphinxError/wrongState(_:)`` within an utterance.
    package func start() throws(PocketsphinxError) {
        guard !isListening else { throw .wrongState("an utterance is open; finish or reset it before the next start") }
        guard cpocketsphinx_start(library) >= 0 else { throw .failed("start") }
        isListening = true
    }

    /// Hears the next samples.
    ///
    /// - Throws: ``PocketsphinxError/wrongState(_:)`` before `start`.
    package func process(_ samples: UnsafeBufferPointer<Int16>) throws(PocketsphinxError) {
        guard isListening else { throw .wrongState("no utterance is open; start one before audio") }
        // The library counts in 32 bits, and its buffers stay small when it is fed in pieces.
        for start in stride(from: 0, to: samples.count, by: 16_000) {
            let piece = UnsafeBufferPointer(rebasing: samples[start..<min(start + 16_000, samples.count)])
            guard cpocketsphinx_process(library, piece.baseAddress, Int32(piece.count)) >= 0 else {
                throw .failed("search")
            }
        }
    }

    /// The words heard so far, which later audio may change; empty before any.
    package func partial() -> String {
        guard isListening, let text = cpocketsphinx_hypothesis(library) else { return "" }
        return String(cString: text)
    }

    /// Ends the utterance and answers what was heard.
    ///
    /// - Throws: ``PocketsphinxError/wrongState(_:)`` before `start`.
    package func finish() throws(PocketsphinxError) -> Recognition {
        guard isListening else { throw .wrongState("no utterance is open; start one before finish") }
        isListening = false
        guard cpocketsphinx_end(library) >= 0 else { throw .failed("finish") }
        guard cpocketsphinx_hypothesis(library) != nil else { return Recognition([], configuration) }
        return Recognition(words(), configuration)
    }

    /// Abandons an open utterance and forgets the channel; what follows is as in a new decoder.
    package func reset() {
        if isListening { _ = cpocketsphinx_end(library) }
        isListening = false
        cpocketsphinx_reset_channel(library)
    }

    private func words() -> [ScoredWord] {
        let count = Int(cpocketsphinx_words(library, nil, 0))
        return withUnsafeTemporaryAllocation(of: cpocketsphinx_word.self, capacity: count) { segments in
            let written = cpocketsphinx_words(library, segments.baseAddress, Int32(count))
            return segments.prefix(min(count, Int(written))).compactMap(ScoredWord.init)
        }
    }
}

@available(*, unavailable)
extension PocketsphinxDecoder: Sendable {}

extension PocketsphinxDecoder {
    /// Recognises a whole utterance; for tests and tools.
    package func recognize(_ samples: [Int16]) throws(PocketsphinxError) -> Recognition {
        try start()
        try samples.withUnsafeBufferPointer { buffer in
            Result { () throws(PocketsphinxError) in try process(buffer) }
        }.get()
        return try finish()
    }
}

extension ScoredWord {
    /// The word of a segment, or nil if it is a filler (`<sil>`, `[NOISE]`, `++um++`) or an empty transition (`(NULL)`).
    fileprivate init?(_ segment: cpocketsphinx_word) {
        guard let name = segment.word.map({ String(cString: $0) }), let first = name.first,
            !"<[+(".contains(first)
        else { return nil }
        frameCount = max(1, Int(segment.last_frame - segment.first_frame) + 1)
        score = Double(segment.score) * cpocketsphinx_score_unit
        // Another pronunciation is another entry of the dictionary: `read(2)`.
        let text = name.last == ")" ? name.firstIndex(of: "(").map { String(name[..<$0]) } ?? name : name
        word = RecognizedWord(
            text, start: .milliseconds(10 * Int(segment.first_frame)),
            end: .milliseconds(10 * (Int(segment.last_frame) + 1)))
    }
}

extension Recognition {
    /// Judges what a decoder heard.
    fileprivate init(_ scored: [ScoredWord], _ configuration: PocketsphinxConfiguration) {
        closest = scored.map(\.word.text).joined(separator: " ")
        let frameCount = scored.reduce(0) { $0 + $1.frameCount }
        score = scored.isEmpty ? nil : scored.reduce(0) { $0 + $1.score } / Double(frameCount)
        worstWordScore = scored.map { $0.score / Double($0.frameCount) }.min()
        if case .grammar = configuration.search, let threshold = configuration.rejection {
            isRejected = !threshold.accepts(scored)
        } else {
            isRejected = false
        }
        text = isRejected ? "" : closest
        words = isRejected ? [] : scored.map(\.word)
    }
}
