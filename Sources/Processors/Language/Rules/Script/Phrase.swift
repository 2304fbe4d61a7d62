// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A phrase as a rules file writes it, see ``PhraseParser``.
struct Phrase: Sendable, Hashable {
    /// The phrase as written.
    var text: String
    /// What it means.
    var pattern: Pattern
    /// Where it stands.
    var mark: SourceMark

    /// Takes a phrase that is part of the program.
    ///
    /// - Precondition: It can be read.
    init(_ text: String) {
        do {
            self.init(text, try PhraseParser.parse(text), at: SourceMark(file: "built-in"))
        } catch {
            preconditionFailure("the phrase '\(text)': \(error.message)")
        }
    }

    private init(_ text: String, _ pattern: Pattern, at mark: SourceMark) {
        self.text = text
        self.pattern = pattern
        self.mark = mark
    }
}

extension Phrase: ParameterValue {
    static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> Phrase? {
        guard let text = String.decode(node, in: nil, &decoder) else { return nil }
        do {
            return Phrase(text, try PhraseParser.parse(text), at: node.mark)
        } catch {
            decoder.error(error.message, at: node.mark)
            return nil
        }
    }

    static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType("phrase", json: ["type": "string", "minLength": 1])
    }

    var encoded: JSONValue { .string(text) }
}

extension Collection<Phrase> {
    /// Any of the phrases.
    var pattern: Pattern { .any(map(\.pattern)) }
}
