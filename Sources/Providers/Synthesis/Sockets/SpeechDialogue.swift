// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a provider says on its socket, and what it is told; knows no socket and no clock.
protocol SpeechDialogue {
    /// Whether the next sentence needs a socket of its own.
    var isExhausted: Bool { get }
    /// The messages that ask for a sentence.
    mutating func speak(_ text: String) -> [String]
    /// Refuses what still comes of the sentence in work, and gives the messages that end it.
    mutating func breakOff() -> [String]
    /// Takes a message.
    ///
    /// - Throws: ``ProviderError`` for one that cannot be understood, or that reports an error.
    mutating func take(_ message: ProviderMessage) throws(ProviderError) -> SpeechReply
}

/// What a message on a socket means for the sentence in work.
struct SpeechReply: Equatable {
    /// Parts of its speech.
    var parts: [SpeechPart] = []
    /// Whether they are the last.
    var isLast = false

    /// Nothing.
    static let nothing = SpeechReply()
}
