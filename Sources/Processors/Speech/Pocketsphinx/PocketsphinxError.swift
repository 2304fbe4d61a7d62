// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Why speech cannot be recognised, and what to do about it.
package enum PocketsphinxError: Error, Equatable {
    /// A file of the model cannot be read.
    case missingFile(path: String)
    /// The library refuses the model in a folder that exists; its files do not belong together.
    case invalidModel(directory: String)
    /// Words of the grammar have no pronunciation; all of them, in order of appearance.
    case unknownWords([String])
    /// A pronunciation contains phones that the model does not know.
    case invalidPronunciation(word: String, phones: String)
    /// The text is no JSGF grammar that the library accepts.
    case invalidGrammar
    /// A call came in the wrong state: `start` twice, or audio without `start`.
    case wrongState(String)
    /// The library failed in the middle of an utterance, which is lost.
    case failed(String)
}

extension PocketsphinxError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missingFile(let path):
            "cannot read \(path); install the package pocketsphinx-en-us or name another model"
        case .invalidModel(let directory):
            "pocketsphinx cannot load the model in \(directory); use a 16 kHz model with its own dictionary"
        case .unknownWords(let words):
            "no pronunciation for \(words.joined(separator: ", ")); replace these words or add pronunciations"
        case .invalidPronunciation(let word, let phones):
            "pocketsphinx refuses the pronunciation '\(phones)' of '\(word)'; "
                + "use phones of the CMU dictionary, separated by spaces"
        case .invalidGrammar:
            "pocketsphinx refuses the grammar; it must be JSGF V1.0 with one public rule that accepts at least one word"
        case .wrongState(let fact):
            fact
        case .failed(let step):
            "pocketsphinx failed to \(step); the utterance is lost"
        }
    }
}
