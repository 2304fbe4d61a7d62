// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// How well speech must fit the sentences of a grammar to be taken for one of them.
///
/// A grammar search always answers with one of its sentences. Each frame of 10 ms has a score: how much less likely
/// the sentence makes this sound than the sound's best explanation by any state of the model (which is 0). A sentence that
/// was really spoken has a clearly higher score than one that was not. Speech that the search took for silence or noise,
/// because no word of the grammar fits it, counts against the sentence.
/// `scripts/measure-rejection.py` measures the errors at each threshold.
package struct RejectionThreshold: Sendable, Hashable {
    /// The least score of a whole utterance, in nats per frame within words.
    package var sentence: Double
    /// The least mean score of its worst word, in nats per frame.
    package var word: Double

    /// Creates a threshold.
    package init(sentence: Double, word: Double) {
        self.sentence = sentence
        self.word = word
    }

    /// Rather asks again than acts on what was never said.
    ///
    /// Of synthetic voices (two of flite, three of espeak-ng) it rejected 7 of 30 sentences heard right and accepted
    /// none of 40 others; through a telephone's band 5 of 20 and 1 of 40. Recorded human speech inside a grammar scores
    /// above -5.
    package static let standard = RejectionThreshold(sentence: -8.5, word: -10)

    /// Whether the segments of an utterance fit.
    func accepts(_ segments: [ScoredSegment]) -> Bool {
        guard let score = segments.sentenceScore, let worst = segments.worstWordScore else { return true }
        return score >= sentence && worst >= word
    }
}

extension [ScoredSegment] {
    /// The score of all segments per frame within words; nil without words.
    var sentenceScore: Double? {
        let frameCount = reduce(0) { $1.word == nil ? $0 : $0 + $1.frameCount }
        return frameCount == 0 ? nil : reduce(0) { $0 + $1.score } / Double(frameCount)
    }

    /// The least mean score of a word; nil without words.
    var worstWordScore: Double? {
        lazy.filter { $0.word != nil }.map { $0.score / Double($0.frameCount) }.min()
    }
}
