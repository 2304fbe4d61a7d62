// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CPocketsphinx

/// Recognises one utterance after another with libpocketsphinx, each between `start` and `finish`.
///
/// Takes 16 kHz mono audio in pieces of any length. Where speech begins and ends is the caller's decision; give it some
/// 300 ms of audio before the onset. Confined to one thread at a time. In grammar mode an utterance's result depends on
/// its own audio and on nothing else: the last result comes from a second pass over the utterance, once its channel (the
/// mean of its cepstrum) is known, which costs about 3 % of its length at `finish`. Dictation adapts to the channel of
/// the utterances since `reset`.
///
///     start  process ... process  finish     start ...        reset
///                      partial    -> Recognition               (also in mid-utterance)
package final class PocketsphinxDecoder {
    /// What the decoder listens for.
    package let configuration: PocketsphinxConfiguration
    private let library: OpaquePointer
    private var isListening = false
    /// The utterance so far, for the second pass; empty in dictation.
    private var heard: [Int16] = []

    /// The longest utterance that is heard twice, in samples; the words of a longer one come from the first pass.
    private static let longestSecondPass = 20 * 16_000

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
        heard.removeAll(keepingCapacity: true)
        if isGrammar { cpocketsphinx_reset_channel(library) }
        guard cpocketsphinx_start(library) >= 0 else { throw .failed("start") }
        isListening = true
    }

    /// Hears the next samples.
    ///
    /// - Throws: ``PocketsphinxError/wrongState(_:)`` before `start`.
    package func process(_ samples: UnsafeBufferPointer<Int16>) throws(PocketsphinxError) {
        guard isListening else { throw .wrongState("no utterance is open; start one before audio") }
        if isGrammar, heard.count <= Self.longestSecondPass { heard += samples }
        try feed(samples)
    }

    private func feed(_ samples: UnsafeBufferPointer<Int16>) throws(PocketsphinxError) {
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
        if !heard.isEmpty, heard.count <= Self.longestSecondPass { try hearAgain() }
        guard cpocketsphinx_hypothesis(library) != nil else { return Recognition([], configuration) }
        return Recognition(segments(), configuration)
    }

    /// Abandons an open utterance and forgets the channel; what follows is as in a new decoder.
    package func reset() {
        if isListening { _ = cpocketsphinx_end(library) }
        isListening = false
        cpocketsphinx_reset_channel(library)
    }

    /// Decodes the utterance once more; its end has taught the library the channel.
    private func hearAgain() throws(PocketsphinxError) {
        guard cpocketsphinx_start(library) >= 0 else { throw .failed("start") }
        try heard.withUnsafeBufferPointer { buffer in
            Result { () throws(PocketsphinxError) in try feed(buffer) }
        }.get()
        guard cpocketsphinx_end(library) >= 0 else { throw .failed("finish") }
    }

    private var isGrammar: Bool { configuration.search != .dictation }

    private func segments() -> [ScoredSegment] {
        let count = Int(cpocketsphinx_words(library, nil, 0))
        return withUnsafeTemporaryAllocation(of: cpocketsphinx_word.self, capacity: count) { segments in
            let written = cpocketsphinx_words(library, segments.baseAddress, Int32(count))
            return segments.prefix(min(count, Int(written))).map(ScoredSegment.init)
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

extension ScoredSegment {
    /// Takes a segment over.
    ///
    /// It is no word if it is a filler (`<sil>`, `[NOISE]`, `++um++`) or an empty transition (`(NULL)`).
    fileprivate init(_ segment: cpocketsphinx_word) {
        frameCount = max(1, Int(segment.last_frame - segment.first_frame) + 1)
        score = Double(segment.score) * cpocketsphinx_score_unit
        guard let name = segment.word.map({ String(cString: $0) }), let first = name.first,
            !"<[+(".contains(first)
        else { return }
        // Another pronunciation is another entry of the dictionary: `read(2)`.
        let text = name.last == ")" ? name.firstIndex(of: "(").map { String(name[..<$0]) } ?? name : name
        word = RecognizedWord(
            text, start: .milliseconds(10 * Int(segment.first_frame)),
            end: .milliseconds(10 * (Int(segment.last_frame) + 1)))
    }
}

extension Recognition {
    /// Judges what a decoder heard.
    fileprivate init(_ segments: [ScoredSegment], _ configuration: PocketsphinxConfiguration) {
        let heard = segments.compactMap(\.word)
        closest = heard.map(\.text).joined(separator: " ")
        score = segments.sentenceScore
        worstWordScore = segments.worstWordScore
        if case .grammar = configuration.search, let threshold = configuration.rejection {
            isRejected = !threshold.accepts(segments)
        } else {
            isRejected = false
        }
        text = isRejected ? "" : closest
        words = isRejected ? [] : heard
    }
}
