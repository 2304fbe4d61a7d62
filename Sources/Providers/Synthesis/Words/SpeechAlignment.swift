// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// When each character of a piece of audio is heard, as some providers tell, from the beginning of that piece.
struct SpeechAlignment: Equatable {
    /// The characters, each with its times.
    var characters: [(text: String, start: Duration, end: Duration)]

    static func == (left: SpeechAlignment, right: SpeechAlignment) -> Bool {
        left.characters.elementsEqual(right.characters) { $0 == $1 }
    }
}

/// Finds the words of a sentence in the alignments of its audio, piece by piece.
///
/// The words are those of the text that was to be spoken; only the times come from outside. A word is given with the piece
/// in which it begins. An alignment that says other characters than the text never loses a word: the rest is given at the
/// end.
struct AlignedWords {
    private var words: ArraySlice<Substring>
    /// Characters but for white space that lie before the next word and were not aligned yet.
    private var distance = 0

    /// Whether every word has been given.
    var isAtEnd: Bool { words.isEmpty }

    /// Begins a sentence.
    init(_ text: String) { words = text.split(whereSeparator: \.isWhitespace)[...] }

    /// The words that begin in a piece of audio.
    mutating func take(_ alignment: SpeechAlignment) -> [TimedWord] {
        let sounds = alignment.characters.filter { !$0.text.allSatisfy(\.isWhitespace) }
        var found: [TimedWord] = []
        var index = 0
        while let word = words.first, index + distance < sounds.count {
            index += distance
            let last = min(index + word.count, sounds.count) - 1
            let start = sounds[index].start
            found.append(TimedWord(String(word), start: start, end: max(start, sounds[last].end)))
            distance = word.count
            words = words.dropFirst()
        }
        distance -= min(distance, sounds.count - index)
        return found
    }

    /// The words that no piece of audio had.
    mutating func rest() -> [TimedWord] {
        defer { words = [] }
        return words.map { TimedWord(String($0), start: .zero, end: .zero) }
    }
}
