// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CPocketsphinx
import Glibc

/// Opens the library for a configuration, having checked what the library would crash on or accept in silence.
struct PocketsphinxOpening {
    private let configuration: PocketsphinxConfiguration

    /// Prepares an opening.
    init(_ configuration: PocketsphinxConfiguration) {
        self.configuration = configuration
    }

    /// Answers a decoder with an active search.
    func open() throws(PocketsphinxError) -> OpaquePointer {
        try requireFile(configuration.model.directory + "/mdef")
        switch configuration.search {
        case .grammar(let grammar): return try openGrammar(grammar)
        case .dictation: return try openDictation()
        }
    }

    private func openGrammar(_ grammar: String) throws(PocketsphinxError) -> OpaquePointer {
        let words = JSGFWords.all(in: grammar)
        let pronunciations = try pronunciations(of: words)
        // Scores are relative to the best active state of the model: with all of them active, and a beam that follows
        // every path to the end, the score of a sentence tells whether it was spoken (see RejectionThreshold).
        let library = try open(["-compallsen", "yes", "-beam", "1e-60", "-wbeam", "1e-40", "-pbeam", "1e-60"])
        do throws(PocketsphinxError) {
            for word in words { try add(word, pronunciations[word] ?? [], to: library) }
            guard cpocketsphinx_set_grammar(library, grammar) >= 0 else { throw .invalidGrammar }
            return library
        } catch {
            cpocketsphinx_close(library)
            throw error
        }
    }

    private func openDictation() throws(PocketsphinxError) -> OpaquePointer {
        try requireFile(configuration.model.dictionary)
        try requireFile(configuration.model.languageModel)
        // The second pass costs a second at the end of a long utterance and makes the text no better.
        let library = try open([
            "-dict", configuration.model.dictionary, "-lm", configuration.model.languageModel, "-fwdflat", "no",
        ])
        do throws(PocketsphinxError) {
            for (word, pronunciations) in configuration.pronunciations.sorted(by: { $0.key < $1.key }) {
                try add(word, pronunciations, to: library)
            }
            return library
        } catch {
            cpocketsphinx_close(library)
            throw error
        }
    }

    private func open(_ arguments: [String]) throws(PocketsphinxError) -> OpaquePointer {
        let common = [
            "pocketsphinx", "-hmm", configuration.model.directory, "-logfn", "/dev/null", "-remove_silence", "no",
        ]
        let strings = (common + arguments).map { strdup($0) }
        defer { for string in strings { free(string) } }
        let pointers = strings.map { UnsafePointer($0) }
        guard let library = cpocketsphinx_open(pointers, Int32(pointers.count)) else {
            throw .invalidModel(directory: configuration.model.directory)
        }
        return library
    }

    private func pronunciations(of words: [String]) throws(PocketsphinxError) -> [String: [String]] {
        guard !words.isEmpty else { throw .invalidGrammar }
        let dictionary = try PronouncingDictionary(path: configuration.model.dictionary)
        let found = dictionary.pronunciations(of: Set(words))
            .merging(configuration.pronunciations) { $0 + $1 }
            .filter { !$0.value.isEmpty }
        let unknown = words.filter { found[$0] == nil }
        guard unknown.isEmpty else { throw .unknownWords(unknown) }
        return found
    }

    private func add(
        _ word: String, _ pronunciations: [String], to library: OpaquePointer
    ) throws(PocketsphinxError) {
        var added: Set<String> = []
        for phones in pronunciations where added.insert(phones).inserted {
            // Further pronunciations are alternates of the first: `word(2)`.
            let name = added.count == 1 ? word : "\(word)(\(added.count))"
            let isNew = cpocketsphinx_add_word(library, name, phones) >= 0
            guard isNew || isDictation else { throw .invalidPronunciation(word: word, phones: phones) }
        }
    }

    private var isDictation: Bool { configuration.search == .dictation }

    private func requireFile(_ path: String) throws(PocketsphinxError) {
        guard access(path, R_OK) == 0 else { throw .missingFile(path: path) }
    }
}
