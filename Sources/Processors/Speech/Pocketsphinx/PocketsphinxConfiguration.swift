// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a decoder listens for, and with which model; decoders of equal configurations are interchangeable.
package struct PocketsphinxConfiguration: Sendable, Hashable {
    /// The kind of search.
    package enum Search: Sendable, Hashable {
        /// Sentences of a JSGF grammar; accurate, and 20 times faster than real time.
        case grammar(String)
        /// Any English words by the model's statistics; weak, and 95 MB for each decoder.
        case dictation
    }

    /// Where the files of a model are.
    package struct Model: Sendable, Hashable {
        /// The folder of the acoustic model.
        package var directory = "/usr/share/pocketsphinx/model/en-us/en-us"
        /// The dictionary: a word and its phones on a line, in lower case; `word(2)` for another pronunciation.
        package var dictionary = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"
        /// The statistics for dictation.
        package var languageModel = "/usr/share/pocketsphinx/model/en-us/en-us.lm.bin"

        /// Debian's model of American English.
        package init() {}
    }

    /// The kind of search.
    package var search: Search
    /// The model.
    package var model = Model()
    /// Pronunciations beyond the dictionary's, by word in lower case: phones separated by spaces.
    package var pronunciations: [String: [String]] = [:]
    /// How well speech must fit the grammar; nil accepts everything.
    ///
    /// Dictation is never rejected.
    package var rejection: RejectionThreshold? = .standard

    /// Creates a configuration with Debian's model and the standard rejection.
    package init(_ search: Search) {
        self.search = search
    }
}
