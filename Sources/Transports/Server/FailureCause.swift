// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The cause of a failure as a log may have it.
enum FailureCause {
    private static let mostCharacters = 500
    /// As many digits in one word may be a telephone number, or what a caller has pressed.
    private static let tellingDigits = 4

    /// What an error says of itself, without long numbers and of bounded length.
    static func text(_ error: any Error) -> String {
        let words = "\(error)".prefix(mostCharacters).split(separator: " ", omittingEmptySubsequences: false)
        return words.map(hidingDigits).joined(separator: " ")
    }

    private static func hidingDigits(_ word: Substring) -> String {
        guard word.count(where: \.isNumber) >= tellingDigits else { return String(word) }
        return String(word.map { $0.isNumber ? "#" : $0 })
    }
}
