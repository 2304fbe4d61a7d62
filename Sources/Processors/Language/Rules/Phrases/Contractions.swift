// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// English short forms and what they stand for.
enum Contractions {
    private static let pairs: [String: [String]] = [
        "i'd": ["i", "would"], "i'll": ["i", "will"], "i'm": ["i", "am"], "i've": ["i", "have"],
        "it's": ["it", "is"], "that's": ["that", "is"], "what's": ["what", "is"], "where's": ["where", "is"],
        "when's": ["when", "is"], "how's": ["how", "is"], "there's": ["there", "is"], "you're": ["you", "are"],
        "we're": ["we", "are"], "don't": ["do", "not"], "doesn't": ["does", "not"], "isn't": ["is", "not"],
        "can't": ["can", "not"], "cannot": ["can", "not"], "won't": ["will", "not"], "didn't": ["did", "not"],
    ]
    private static let byWords = Dictionary(
        pairs.filter { $0.key.contains("'") }.map { ($0.value, $0.key) }, uniquingKeysWith: min)

    /// The words in full; `nil` if it is no short form.
    static func inFull(_ word: some StringProtocol) -> [String]? { pairs[String(word)] }

    /// The short form of two words, if there is one.
    static func short(_ first: String, _ second: String) -> String? { byWords[[first, second]] }
}
