// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Estimates when each word of a sentence is spoken, for synthesisers that do not say: in proportion to its characters.
enum WordTiming {
    /// Samples up to this size count as silence around the speech.
    private static let silence: Int16 = 32

    /// The words of `text` as written, spread over the audible part of mono `samples`.
    static func estimate(_ text: String, samples: [Int16], rateHz: Int) -> [TimedWord] {
        let isAudible: (Int16) -> Bool = { $0.magnitude > Self.silence.magnitude }
        let first = samples.firstIndex(where: isAudible) ?? 0
        let end = (samples.lastIndex(where: isAudible) ?? samples.count - 1) + 1
        let words = text.split(whereSeparator: \.isWhitespace)
        // One for the transition to the next word.
        let weights = words.map { $0.count + 1 }
        let total = max(1, weights.reduce(0, +))
        var position = 0
        return zip(words, weights).map { word, weight in
            let start = first + (end - first) * position / total
            position += weight
            return TimedWord(
                String(word), start: .samples(start, rate: rateHz),
                end: .samples(first + (end - first) * position / total, rate: rateHz))
        }
    }
}
