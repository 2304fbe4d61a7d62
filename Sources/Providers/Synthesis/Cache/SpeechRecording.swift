// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What a sentence's synthesis gave, as long as it is short enough to be kept.
struct SpeechRecording {
    /// The parts so far; `nil` when nothing is to be kept.
    private(set) var parts: [SpeechCache.Part]?
    private var byteCount = 0

    /// Begins a recording.
    ///
    /// - Parameter isKept: Whether it is wanted at all.
    init(isKept: Bool) { parts = isKept ? [] : nil }

    /// Adds words or audio.
    mutating func add(_ frame: Frame) {
        guard parts != nil else { return }
        if let words = frame[SpokenWords.self] {
            parts?.append(.words(words))
        } else if let audio = frame.audio {
            byteCount += audio.byteCount
            parts?.append(.audio(audio))
        }
        if byteCount > SpeechCache.longestEntryBytes { parts = nil }
    }

    /// Puts words whose times are exact in the place of an estimate.
    mutating func correct(_ words: [TimedWord]) {
        guard case .words(let estimate)? = parts?.first else { return }
        parts?[0] = .words(SpokenWords(estimate.text, words: words))
    }
}
