// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Numbers as English words.
enum NumberWords {
    /// Zero to nineteen.
    static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    /// Twenty, thirty and so on to ninety.
    static let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

    /// Whether a word is part of a number.
    static func isNumberWord(_ word: String) -> Bool { small.contains(word) || tens.contains(word) }

    /// A number from 0 to 99 in words; digit by digit otherwise.
    static func words(of number: Int) -> [String] {
        switch number {
        case 0..<20: [small[number]]
        case 20..<100 where number % 10 == 0: [tens[number / 10 - 2]]
        case 20..<100: [tens[number / 10 - 2], small[number % 10]]
        default: words(ofDigits: String(number)[...])
        }
    }

    /// Digits in words: as a number if there are at most two and the first is not 0, else one by one.
    static func words(ofDigits digits: Substring) -> [String] {
        let values = digits.compactMap(\.wholeNumberValue)
        if values.count == 1 || values.count == 2 && values[0] != 0 {
            return words(of: values.reduce(0) { $0 * 10 + $1 })
        }
        return values.map { small[$0] }
    }

    /// The number from 0 to 99 that the words say; `nil` for anything else.
    static func number(_ words: some Collection<String>) -> Int? {
        guard let first = words.first, words.count <= 2 else { return nil }
        if let number = small.firstIndex(of: first) { return words.count == 1 ? number : nil }
        guard let ten = tens.firstIndex(of: first) else { return nil }
        guard let last = words.dropFirst().first else { return (ten + 2) * 10 }
        guard let unit = small.firstIndex(of: last), (1...9).contains(unit) else { return nil }
        return (ten + 2) * 10 + unit
    }
}
