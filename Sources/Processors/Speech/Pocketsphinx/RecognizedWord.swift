// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A word and when it was said, from the start of its utterance.
package struct RecognizedWord: Sendable, Equatable {
    /// The word as the dictionary writes it, in lower case.
    package var text: String
    /// When the word begins; a multiple of 10 ms.
    package var start: Duration
    /// When the word has ended; a multiple of 10 ms.
    package var end: Duration

    /// Creates a word.
    package init(_ text: String, start: Duration, end: Duration) {
        self.text = text
        self.start = start
        self.end = end
    }
}

/// A stretch of an utterance and how well the sound fits what it was taken for.
struct ScoredSegment {
    /// The word and its times; nil for silence and noises.
    var word: RecognizedWord?
    /// The acoustic score over all its frames, in nats; at most about 0.
    var score: Double
    /// Its length in frames of 10 ms.
    var frameCount: Int
}

/// What an utterance was heard as.
package struct Recognition: Sendable, Equatable {
    /// The words, separated by spaces, in lower case; empty when nothing was said or the speech did not fit the grammar.
    package var text: String
    /// The same words with their times.
    package var words: [RecognizedWord]
    /// Whether something was said that is outside the grammar.
    package var isRejected: Bool
    /// The score of the whole utterance per frame within words, in nats; nil without words.
    ///
    /// Kept for rejected speech too.
    package var score: Double?
    /// The mean score of a frame within the worst word.
    package var worstWordScore: Double?
    /// The sentence that fitted best, also when it was rejected.
    package var closest: String
}
