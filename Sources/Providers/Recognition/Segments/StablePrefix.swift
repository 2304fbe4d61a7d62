// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Decides which words of repeated guesses at a growing utterance are told: those on which two in a row agree.
///
/// What was told is never taken back.
///
///     guesses   go    goes    go for    go forward    go, for wart
///     told      -     -       go        go            go
struct StablePrefix {
    private var last: [String] = []
    /// The words that were told.
    private(set) var told: [String] = []

    /// Creates the state before the first guess.
    init() {}

    /// Everything that was told.
    var text: String { told.joined(separator: " ") }

    /// Takes a guess.
    ///
    /// - Returns: All words to tell, if there are more than before.
    mutating func update(_ guess: String) -> String? {
        let words = guess.split(whereSeparator: \.isWhitespace).map(String.init)
        let agreed = zip(words, last).prefix { Self.key($0.0) == Self.key($0.1) }.map(\.0)
        last = words
        guard agreed.count > told.count, zip(agreed, told).allSatisfy({ Self.key($0.0) == Self.key($0.1) }) else {
            return nil
        }
        told += agreed[told.count...]
        return text
    }

    /// Recognisers change their minds about punctuation and capitals all the time.
    private static func key(_ word: String) -> String { word.lowercased().filter { $0.isLetter || $0.isNumber } }
}
