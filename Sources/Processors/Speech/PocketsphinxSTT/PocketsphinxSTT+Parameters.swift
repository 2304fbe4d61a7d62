// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit
import Synchronization

extension PocketsphinxSTT {
    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// A JSGF grammar of what callers say.
        public var grammar: FileReference?
        /// The rules of the agent that answers.
        public var rules: FileReference?
        /// Least mean score of a sentence, in nats a frame.
        public var sentenceScore = RejectionThreshold.standard.sentence
        /// Least mean score of a sentence's worst word, in nats a frame.
        public var wordScore = RejectionThreshold.standard.word
        /// Audio heard from before the speech.
        public var preRoll = Duration.milliseconds(300)
        /// Whether words are told while the caller speaks.
        public var partials = true
        /// Least time between partial transcripts.
        public var partialInterval = Duration.milliseconds(200)
        /// Decoders of the process.
        public var decoders = 16
        /// Folder of the acoustic model.
        public var model = FileReference(PocketsphinxConfiguration.Model().directory)
        /// Words and their phones.
        public var dictionary = FileReference(PocketsphinxConfiguration.Model().dictionary)
        /// Statistics for dictation.
        public var languageModel = FileReference(PocketsphinxConfiguration.Model().languageModel)
        /// Pronunciations beyond the dictionary's.
        public var pronunciations: [String: [String]] = [:]

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional(
                "grammar", \.grammar,
                "JSGF grammar of what callers say; without grammar and rules, any English is listened for."),
            .optional("rules", \.rules, "Rules file of the agent, from whose example phrases the grammar is made."),
            .optional(
                "sentence_score_nats", \.sentenceScore, in: -100...0,
                "Mean score of a frame below which speech is outside the grammar; -100 rejects nothing."),
            .optional(
                "word_score_nats", \.wordScore, in: -100...0,
                "Mean score of a frame of the worst word below which speech is outside the grammar."),
            .optional(
                "pre_roll", \.preRoll, in: .zero ... .seconds(2), "Audio heard from before the speech was noticed."),
            .optional("partials", \.partials, "Whether words are told while the caller is still speaking."),
            .optional(
                "partial_interval", \.partialInterval, in: .zero ... .seconds(10),
                "Time between partial transcripts, at least."),
            .optional(
                "decoders", \.decoders, in: 1...1000,
                "Decoders that all sessions share; who speaks while all are taken is heard when one is given back."),
            .optional("model", \.model, "Folder of the acoustic model, for audio at 16 kHz."),
            .optional("dictionary", \.dictionary, "File of words and their phones."),
            .optional("language_model", \.languageModel, "File of the statistics for dictation."),
            .optional(
                "pronunciations", \.pronunciations,
                "Words that the dictionary lacks, each with a list of pronunciations in the model's phones.")
        )

        /// Creates the defaults: dictation with Debian's model of American English.
        public init() {}

        public func validate(into issues: inout ParameterIssues) {
            if grammar != nil, rules != nil {
                issues.error("grammar", "cannot be set together with rules; remove one of them")
            }
            if let rules { issues.checkRules(rules, key: "rules") }
        }

        /// What a decoder is opened with.
        ///
        /// Reads the file of the grammar or the rules: not for the loop.
        ///
        /// - Throws: ``PipelineError`` when the file cannot be read or used.
        func configuration() throws(PipelineError) -> PocketsphinxConfiguration {
            var configuration = PocketsphinxConfiguration(try search())
            configuration.model.directory = model.resolved
            configuration.model.dictionary = dictionary.resolved
            configuration.model.languageModel = languageModel.resolved
            configuration.pronunciations = pronunciations
            configuration.rejection = RejectionThreshold(sentence: sentenceScore, word: wordScore)
            return configuration
        }

        private func search() throws(PipelineError) -> PocketsphinxConfiguration.Search {
            if let rules { return .grammar(try RulesLibrary.shared.entry(rules).grammar) }
            guard let grammar else { return .dictation }
            do {
                return .grammar(
                    String(decoding: try SourceFile.read(path: grammar.resolved, limit: 1 << 20), as: UTF8.self))
            } catch {
                throw PipelineError(.badInput, "grammar \(grammar.path): \(error.message)")
            }
        }
    }
}

extension PocketsphinxPool {
    private static let pools = Mutex<[Int: PocketsphinxPool]>([:])

    /// The decoders that all sessions with this limit share.
    static func shared(limit: Int) -> PocketsphinxPool {
        pools.withLock { pools in
            let pool = pools[limit] ?? PocketsphinxPool(limit: limit)
            pools[limit] = pool
            return pool
        }
    }
}
