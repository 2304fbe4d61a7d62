// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A word of a text and when it is heard, from the first sample of its synthesis.
package struct SpokenWord: Sendable, Equatable {
    /// The word as it is written, with its punctuation: `5`, `o'clock,`.
    package var text: String
    /// Where it stands in the text, in UTF-8 bytes.
    package var range: Range<Int>
    /// When it begins.
    package var start: Duration
    /// When it has ended.
    package var end: Duration

    /// Creates a word.
    package init(_ text: String, range: Range<Int>, start: Duration, end: Duration) {
        self.text = text
        self.range = range
        self.start = start
        self.end = end
    }
}
