// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// How well speech must fit the sentences of a grammar to be taken for one of them.
///
/// A grammar search always answers with one of its sentences. Each frame of 10 ms has a score: how much less likely
/// the sentence makes this sound than the sound's best explanation by any state of the model (which is 0). The mean
/// over the words of a sentence that was really spoken is clearly higher than that of one that was not.
/// `scripts/measure-rejection.sh` measures both, and prints the errors at each threshold.
package struct RejectionThreshold: Sendable, Hashable {
    /// The least mean score of a sentence, in nats per frame.
    package var sentence: Double
    /// The least mean score of its worst word, in nats per frame.
    package var word: Double

    /// Creates a threshold.
    package init(sentence: Double, word: Double) {
        self.sentence = sentence
        self.word = word
    }

    /// Where the two kinds of error are about equally frequent for synthetic voices.
    package static let standard = RejectionThreshold(sentence: -7.2, word: -8.7)

    /// Whether `words` fit.
    func accepts(_ words: [ScoredWord]) -> Bool {
        var total = 0.0
        var frameCount = 0
        for scored in words {
            guard scored.score >= word * Double(scored.frameCount) else { return false }
            total += scored.score
            frameCount += scored.frameCount
        }
        return total >= sentence * Double(frameCount)
    }
}
