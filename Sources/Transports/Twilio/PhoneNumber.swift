// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A telephone number as the network takes it: E.164, such as `+15550101`.
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    /// `+`, then up to 15 digits of which the first is not 0.
    package let description: String

    /// Why a text is no number.
    package struct Invalid: Error, Equatable, CustomStringConvertible {
        /// What is wrong and what to write; does not repeat the number, which is personal.
        package var description: String
    }

    /// Reads a number as people write it: with spaces, hyphens, dots and brackets, or `00` in the place of the plus.
    ///
    /// - Throws: ``Invalid``.
    package init(_ text: some StringProtocol) throws(Invalid) {
        var digits: [UInt8] = []
        var hasPlus = false
        guard text.utf8.count <= 64 else { throw Invalid(description: "it is too long; write it as +15550101") }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte)
            case UInt8(ascii: "+") where digits.isEmpty && !hasPlus: hasPlus = true
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): continue
            default: throw Invalid(description: "it has a character that is not a digit; write it as +15550101")
            }
        }
        if !hasPlus, digits.starts(with: "00".utf8) {
            digits.removeFirst(2)
            hasPlus = true
        }
        guard hasPlus else {
            throw Invalid(description: "the country's code is missing; write the number as +15550101")
        }
        guard (2...15).contains(digits.count), digits[0] != UInt8(ascii: "0") else {
            throw Invalid(description: "a number has 2 to 15 digits behind the plus, the first not 0")
        }
        description = "+" + String(decoding: digits, as: UTF8.self)
    }

    /// Reads a number from a query in which nobody wrote the plus as `%2B`, so that it arrives as a space.
    ///
    /// - Throws: ``Invalid``.
    package init(query text: some StringProtocol) throws(Invalid) {
        try self.init(text.utf8.first == UInt8(ascii: " ") ? "+" + text.dropFirst() : String(text))
    }
}
