// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Decides which of a recogniser's guesses are worth telling: only words that two guesses in a row agree upon, only when
/// they have changed, and not more often than `interval`.
///
///     guesses   go    goes    go for    go forward    go forward
///     told      -     -       -         go            go forward
struct PartialWords {
    private let interval: Duration
    private var last: [Substring] = []
    private var told = ""
    private var toldAt: Duration?

    /// Creates the state before the first guess.
    ///
    /// - Parameter interval: Least time between two partial transcripts.
    init(interval: Duration) { self.interval = interval }

    /// Takes the recogniser's guess.
    ///
    /// - Parameter position: How much of the utterance it has heard.
    /// - Returns: The words to tell, if any.
    mutating func update(_ guess: String, at position: Duration) -> String? {
        let words = guess.split(separator: " ")
        defer { last = words }
        let stable = zip(words, last).prefix { $0 == $1 }.map(\.0).joined(separator: " ")
        guard !stable.isEmpty, stable != told, toldAt.map({ position - $0 >= interval }) ?? true else { return nil }
        told = stable
        toldAt = position
        return stable
    }
}
