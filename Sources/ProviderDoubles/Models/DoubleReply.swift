// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// What the double of a language model says to one request; the same for every family.
package struct DoubleReply: Sendable, ExpressibleByStringLiteral {
    /// The words; sent word by word.
    package var text: String
    /// What it wants called, after the words.
    package var toolCalls: [ToolCall] = []
    /// Time before the first token.
    package var delay = Duration.zero
    /// Time between one token and the next.
    package var gap = Duration.zero
    /// An error in the place of the end, after everything else.
    package var error: String?

    /// Creates a reply.
    package init(
        _ text: String = "", toolCalls: [ToolCall] = [], after delay: Duration = .zero, gap: Duration = .zero,
        error: String? = nil
    ) {
        self.text = text
        self.toolCalls = toolCalls
        self.delay = delay
        self.gap = gap
        self.error = error
    }

    package init(stringLiteral value: String) { self.init(value) }

    /// The words as tokens: each with the blanks before it, so that all of them together are the text.
    package var tokens: [String] {
        var tokens: [String] = []
        var hasLetters = true
        for character in text {
            if tokens.isEmpty || character == " " && hasLetters { tokens.append("") }
            hasLetters = character != " "
            tokens[tokens.count - 1].append(character)
        }
        return tokens
    }
}

/// What the double of a language model knows of a request; each family finds it in its own way.
package struct DoubleQuestion: Sendable {
    /// How many answers were asked for before, counted by what the conversation holds: one for each of the caller's
    /// messages, one for each round of tool results.
    package var index: Int
    /// The caller's last message.
    package var text: String

    /// Creates a question.
    package init(index: Int, text: String) {
        self.index = index
        self.text = text
    }
}
