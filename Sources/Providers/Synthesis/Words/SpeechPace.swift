// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Estimates when the words of a sentence are heard, for providers that do not say.
///
/// Words get time in proportion to their characters. How long a sentence lasts is not known before all of it has come:
/// the pace of the voice is learned from the sentences before.
struct SpeechPace {
    /// A usual pace of speech, as long as nothing is known of the voice.
    private(set) var perCharacter = Duration.milliseconds(65)

    /// The words of `text`, spread over `duration`, or over what such a text lasts at this pace.
    func words(of text: String, lasting duration: Duration? = nil) -> [TimedWord] {
        let words = text.split(whereSeparator: \.isWhitespace)
        // One for the transition to the next word.
        let weights = words.map { $0.count + 1 }
        let total = weights.reduce(0, +)
        let step = duration.map { total == 0 ? .zero : $0 / total } ?? perCharacter
        var position = 0
        return zip(words, weights).map { word, weight in
            defer { position += weight }
            return TimedWord(String(word), start: step * position, end: step * (position + weight))
        }
    }

    /// Learns from a sentence that was heard whole.
    mutating func learn(_ text: String, lasted duration: Duration) {
        let characters = text.split(whereSeparator: \.isWhitespace).reduce(0) { $0 + $1.count + 1 }
        // Of a short text much is pauses; and no speech is ten times slower or faster than usual.
        guard characters >= 8 else { return }
        let seen = min(max(duration / characters, .milliseconds(20)), .milliseconds(400))
        perCharacter = (perCharacter * 3 + seen) / 4
    }
}
